"""The route that classifies pictures."""

import asyncio
import struct
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError

from app.api.choices import Chosen
from app.api.classify import Way, entries, see, views_of
from app.api.deps import Asker, Services, asker_of, services_of
from app.api.explain import saliency_maps
from app.api.files import Upload
from app.api.image_bodies import demand_levels
from app.api.openapi import answers
from app.api.openapi.refusals import problems
from app.api.openapi.uploads import IMAGES
from app.api.prediction_schemas import PredictionList
from app.api.queries import PredictQuery, parameters, read_query
from app.api.turns import Turns
from app.api.uploads import MISSING, is_small, memory_of, read_uploads
from app.errors import (
    AliasNotFound,
    AnimatedImage,
    Busy,
    CheckpointMismatch,
    CheckpointNotFound,
    CorruptImage,
    DatabaseUnavailable,
    EmptyImage,
    ImagesRefused,
    ImageTooLarge,
    JobNotFound,
    ModelmillError,
    ModelNotFound,
    NoCheckpointYet,
    NotAnImage,
    PredictorBusy,
    PreprocessMismatch,
    UnsupportedMediaType,
    VersionNotFound,
)
from app.spec import GREY_28
from app.vision.pixels import SIDE
from app.vision.reading import Mode

router = APIRouter(tags=["predictions"])

Found = TypeVar("Found")

REFUSALS = problems(
    JobNotFound(),
    CheckpointNotFound(),
    ModelNotFound(),
    AliasNotFound(),
    VersionNotFound(),
    NoCheckpointYet(),
    PredictorBusy(),
    Busy(),
    DatabaseUnavailable(),
    CheckpointMismatch(),
    PreprocessMismatch(),
    UnsupportedMediaType(),
    RequestValidationError([MISSING]),
    ImagesRefused({0: ("empty.png", EmptyImage())}),
    ImagesRefused({0: ("torn.png", CorruptImage())}),
    ImagesRefused({0: ("notes.txt", NotAnImage())}),
    ImagesRefused({0: ("film.webp", AnimatedImage())}),
    ImagesRefused({0: ("poster.png", ImageTooLarge())}),
    ImagesRefused({0: ("torn.png", CorruptImage()), 1: ("notes.txt", NotAnImage())}),
)
# Of a picture in MNIST's own form: signature, and the size in the first chunk.
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_SIZE = struct.Struct(">16x2I")
QUICK_BYTES = 2048


@router.post(
    "/predict",
    response_model=PredictionList,
    responses={HTTPStatus.OK: answers.PREDICTIONS, **REFUSALS},
    openapi_extra={"parameters": parameters(), "requestBody": IMAGES},
)
async def predict(request: Request) -> Response:
    """Say what each picture shows.

    Send PNG, JPEG or WebP files as `image` or `images` of a form, one as the body
    itself, or several in JSON, in base64 or as grey levels. The best checkpoint of the
    newest succeeded job answers, unless a job, an epoch, a checkpoint or a model is
    named. A file that cannot be read gets an `error` in its place; if none can, the
    request is refused.
    """
    services = services_of(request)
    if is_small(request):
        return await answer(request, services)
    async with services.uploads.turn(memory_of(request, services.settings)):
        return await answer(request, services)


async def answer(request: Request, services: Services) -> Response:
    query = read_query(request)
    uploads = await read_uploads(request, services.settings.max_upload_files)
    chosen = await choose(services, query, asker_of(request))
    shape = chosen.shape if isinstance(chosen, Chosen) else GREY_28
    demand_levels(uploads, shape)
    how = Way(mode_for(query, chosen), shape, services.settings.max_image_pixels)
    found = await in_turn(services.decoding, uploads, partial(see, uploads, how))
    if not isinstance(chosen, Chosen):
        raise chosen
    checkpoint, views = chosen.checkpoint, views_of(found)
    predictions = (
        await services.predictor.predict(
            checkpoint.id, services.choices.read_weights, views
        )
        if views
        else []
    )
    maps = (
        iter(await saliency_maps(services, checkpoint.id, views, predictions))
        if query.explain
        else None
    )
    data = entries(uploads, found, iter(predictions), maps)
    body = PredictionList(data=list(data), checkpoint=checkpoint, model=chosen.model)
    return Response(body.model_dump_json(), media_type="application/json")


def mode_for(query: PredictQuery, chosen: Chosen | ModelmillError) -> Mode | None:
    """Return how pictures are read; None finds several digits in each.

    Raises:
        PreprocessMismatch: Pictures so read are not what the checkpoint takes.
    """
    if not isinstance(chosen, Chosen):
        return None if query.segment else query.preprocess or Mode.AUTO
    if query.segment:
        chosen.mode(Mode.AUTO)
        return None
    return chosen.mode(query.preprocess)


async def choose(
    services: Services, query: PredictQuery, asker: Asker
) -> Chosen | ModelmillError:
    """Return who answers, or why nobody can: pictures that are none go before that."""
    try:
        return await services.choices.choose(query.choice_of(asker.sees_only))
    except ModelmillError as error:
        return error


async def in_turn(
    decoding: Turns, uploads: list[Upload], work: Callable[[], Found]
) -> Found:
    """Read pictures in a thread, unless that would cost more than the reading.

    So many at once that their pixels have room in memory.
    """
    if len(uploads) == 1 and is_quick(uploads[0].data):
        return work()
    async with decoding.turn():
        return await asyncio.to_thread(work)


def is_quick(data: bytes) -> bool:
    """Say whether this is a small file that claims MNIST's size."""
    if not PNG_SIZE.size <= len(data) <= QUICK_BYTES:
        return False
    return data.startswith(PNG_SIGNATURE) and PNG_SIZE.unpack_from(data) == (SIDE, SIDE)
