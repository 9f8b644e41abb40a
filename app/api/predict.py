"""The route that classifies pictures."""

import asyncio
import struct
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError

from app.api.deps import services_of
from app.api.openapi import answers
from app.api.openapi.examples import UPLOADS
from app.api.openapi.refusals import problems
from app.api.queries import parameters, read_query
from app.api.schemas import PredictionList, PredictionPublic
from app.api.uploads import MISSING, Upload, read_uploads
from app.errors import (
    AnimatedImage,
    CheckpointMismatch,
    CheckpointNotFound,
    CorruptImage,
    DatabaseUnavailable,
    EmptyImage,
    ImageRefused,
    ImagesRefused,
    ImageTooLarge,
    JobNotFound,
    NoCheckpointYet,
    NotAnImage,
    PredictorBusy,
)
from app.vision.decoding import decode_image
from app.vision.preprocessing import SIDE, Pixels, to_pixels

router = APIRouter(tags=["predictions"])

REFUSALS = problems(
    JobNotFound(),
    CheckpointNotFound(),
    NoCheckpointYet(),
    PredictorBusy(),
    DatabaseUnavailable(),
    CheckpointMismatch(),
    RequestValidationError([MISSING]),
    ImagesRefused({0: ("empty.png", EmptyImage())}),
    ImagesRefused({0: ("torn.png", CorruptImage())}),
    ImagesRefused({0: ("notes.txt", NotAnImage())}),
    ImagesRefused({0: ("film.webp", AnimatedImage())}),
    ImagesRefused({0: ("poster.png", ImageTooLarge())}),
    ImagesRefused({0: ("torn.png", CorruptImage()), 2: ("notes.txt", NotAnImage())}),
)
BINARY = {
    "type": "string",
    "format": "binary",
    "contentMediaType": "application/octet-stream",
}
FORM = {
    "type": "object",
    "properties": {
        "image": {**BINARY, "title": "Image", "description": "One picture."},
        # The example makes Swagger UI show a file picker at once.
        "images": {
            "type": "array",
            "items": BINARY,
            "examples": [[""]],
            "title": "Images",
            "description": "Several pictures, an item for each.",
        },
    },
}
UPLOAD = {
    "required": True,
    "content": {"multipart/form-data": {"schema": FORM, "examples": UPLOADS}},
}
# Of a picture in MNIST's own form: signature, and the size in the first chunk.
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_SIZE = struct.Struct(">16x2I")
QUICK_BYTES = 2048


@router.post(
    "/predict",
    response_model=PredictionList,
    responses={HTTPStatus.OK: answers.PREDICTIONS, **REFUSALS},
    openapi_extra={"parameters": parameters(), "requestBody": UPLOAD},
)
async def predict(request: Request) -> Response:
    """Say which digit each picture shows.

    Send PNG, JPEG or WebP files as `image` or `images`. The best checkpoint of the
    newest succeeded job answers, unless a job, an epoch or a checkpoint is named.
    """
    services, query = services_of(request), read_query(request)
    uploads = await read_uploads(request, services.settings.max_upload_files)
    pixels = await read_images(uploads, services.settings.max_image_pixels)
    checkpoint = await services.choices.choose(query.choice)
    predictions = await services.predictor.predict(
        checkpoint.id, services.choices.read_weights, pixels
    )
    answers = [
        PredictionPublic(file=upload.name, **vars(prediction))
        for upload, prediction in zip(uploads, predictions, strict=True)
    ]
    body = PredictionList(data=answers, checkpoint=checkpoint)
    return Response(body.model_dump_json(), media_type="application/json")


async def read_images(uploads: list[Upload], max_pixels: int) -> list[Pixels]:
    """Decode in a thread, unless that would cost more than the decoding."""
    if len(uploads) == 1 and is_quick(uploads[0].data):
        return decode_images(uploads, max_pixels)
    return await asyncio.to_thread(decode_images, uploads, max_pixels)


def is_quick(data: bytes) -> bool:
    """Say whether this is a small file that claims MNIST's size."""
    if not PNG_SIZE.size <= len(data) <= QUICK_BYTES:
        return False
    return data.startswith(PNG_SIGNATURE) and PNG_SIZE.unpack_from(data) == (SIDE, SIDE)


def decode_images(uploads: list[Upload], max_pixels: int) -> list[Pixels]:
    """Decode every upload, or refuse them all and name each that is wrong."""
    pixels: list[Pixels] = []
    refused: dict[int, tuple[str, ImageRefused]] = {}
    for place, upload in enumerate(uploads):
        try:
            pixels.append(to_pixels(decode_image(upload.data, max_pixels)))
        except ImageRefused as error:
            refused[place] = (upload.name, error)
    if refused:
        raise ImagesRefused(refused)
    return pixels
