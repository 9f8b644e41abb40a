"""Routes into a network: its filters, and what each layer makes of a picture."""

import asyncio
import base64
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError

from app import jobs
from app.api.choices import Chosen
from app.api.deps import Asker, AskerDep, ReadSession, Services, asker_of, services_of
from app.api.files import Upload
from app.api.image_bodies import demand_levels
from app.api.inside_schemas import FeatureMaps, LayerMapsPublic
from app.api.openapi import inside as answers
from app.api.openapi.refusals import problems
from app.api.openapi.uploads import BINARY
from app.api.uploads import MISSING, memory_of, read_uploads
from app.errors import (
    AnimatedImage,
    Busy,
    CheckpointNotFound,
    CorruptImage,
    DatabaseUnavailable,
    EmptyImage,
    ImageTooLarge,
    LayerNotFound,
    NotAnImage,
    UnsupportedMediaType,
)
from app.jobs import Choice
from app.vision.decoding import decode_image
from app.vision.feature_maps import LayerMaps, feature_maps, filter_sheet
from app.vision.reading import read_picture

router = APIRouter(
    prefix="/checkpoints/{checkpoint_id}",
    tags=["checkpoints"],
    responses=problems(CheckpointNotFound(), DatabaseUnavailable()),
)

CheckpointId = Annotated[UUID, Path(description="As the job's checkpoints name it.")]
LayerName = Annotated[
    str | None,
    Query(
        max_length=64,
        description="A convolution, as `POST /architectures/describe` names it; "
        "by default the first.",
    ),
]
FORM: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["image"],
                "properties": {
                    "image": {**BINARY, "title": "Image", "description": "One picture."}
                },
            },
            "examples": answers.UPLOAD,
        }
    },
}
# A checkpoint's bytes never change, nor do their pictures.
FOREVER = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}


@router.get(
    "/filters.png",
    response_class=Response,
    responses={HTTPStatus.OK: answers.FILTERS, **problems(LayerNotFound())},
)
def get_filters(
    checkpoint_id: CheckpointId,
    session: ReadSession,
    asker: AskerDep,
    layer: LayerName = None,
) -> Response:
    """Draw the filters of a convolution.

    A pixel for each weight: black for 0, white above, blue below. Filters over one
    channel lie side by side; of others, each row is a filter and each column one of
    its channels, up to 64 by 64.
    """
    checkpoint = jobs.choose_checkpoint(session, choice_of(checkpoint_id, asker))
    sheet = filter_sheet(jobs.read_weights(session, checkpoint.id), layer)
    return Response(sheet.png, media_type="image/png", headers=FOREVER)


@router.post(
    "/feature-maps",
    responses={
        HTTPStatus.OK: answers.FEATURE_MAPS,
        **problems(
            RequestValidationError([MISSING]),
            UnsupportedMediaType(),
            EmptyImage(),
            CorruptImage(),
            NotAnImage(),
            AnimatedImage(),
            ImageTooLarge(),
            Busy(),
        ),
    },
    openapi_extra={"requestBody": FORM},
)
async def map_features(checkpoint_id: CheckpointId, request: Request) -> FeatureMaps:
    """Show what each layer makes of a picture.

    The picture is read as `POST /predict` reads it. Every layer that changes something
    is there in its order, as a sheet of its feature maps.
    """
    services = services_of(request)
    async with services.uploads.turn(memory_of(request, services.settings)):
        return await answer(request, services, checkpoint_id)


async def answer(
    request: Request, services: Services, checkpoint_id: UUID
) -> FeatureMaps:
    [upload, *_others] = uploads = await read_uploads(request, most_files=1)
    choice = choice_of(checkpoint_id, asker_of(request))
    chosen = await services.choices.choose(choice)
    demand_levels(uploads, chosen.shape)

    def work() -> FeatureMaps:
        weights = services.choices.read_weights(checkpoint_id)
        return look(upload, chosen, weights, services.settings.max_image_pixels)

    async with services.decoding.turn():
        return await asyncio.to_thread(work)


def choice_of(checkpoint_id: UUID, asker: Asker) -> Choice:
    return Choice(checkpoint_id=checkpoint_id, key_id=asker.sees_only)


def look(
    upload: Upload, chosen: Chosen, weights: bytes, max_pixels: int
) -> FeatureMaps:
    image = decode_image(upload.data, max_pixels)
    reading = read_picture(image, chosen.usual_mode, chosen.shape)
    layers = [public(layer) for layer in feature_maps(weights, reading.pixels)]
    return FeatureMaps(layers=layers, checkpoint=chosen.checkpoint)


def public(layer: LayerMaps) -> LayerMapsPublic:
    sheet = layer.sheet
    return LayerMapsPublic(
        name=layer.name,
        kind=layer.kind,
        output_shape=list(layer.shape),
        columns=sheet.columns,
        rows=sheet.rows,
        low=sheet.low,
        high=sheet.high,
        png=base64.b64encode(sheet.png).decode(),
    )
