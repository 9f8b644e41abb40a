"""The route that classifies pictures."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Query, UploadFile
from fastapi.exceptions import RequestValidationError
from pydantic import BeforeValidator
from sqlmodel import Session

from app import jobs
from app.api.deps import ReadSession, ServicesDep
from app.api.openapi import answers
from app.api.openapi.examples import UPLOADS
from app.api.openapi.refusals import problems
from app.api.schemas import CheckpointPublic, PredictionList, PredictionPublic
from app.errors import (
    AnimatedImage,
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
)
from app.models import Checkpoint
from app.vision.decoding import decode_image
from app.vision.preprocessing import Pixels, to_pixels

router = APIRouter(tags=["predictions"])

BINARY = {
    "type": "string",
    "format": "binary",
    "contentMediaType": "application/octet-stream",
}
OneImage = Annotated[
    UploadFile | None,
    File(description="One picture.", json_schema_extra={"format": "binary"}),
]
# The example makes Swagger UI show a file picker at once; it sends "" for one that
# is left alone, as it does for `image`.
ManyImages = Annotated[
    list[UploadFile] | None,
    BeforeValidator(lambda uploads: [upload for upload in uploads if upload != ""]),
    File(
        description="Several pictures, an item for each.",
        json_schema_extra={"items": BINARY, "examples": [[""]]},
    ),
]
FromJob = Annotated[
    UUID | None, Query(description="Answer with this job's best checkpoint so far.")
]
FromCheckpoint = Annotated[
    UUID | None, Query(description="Answer with this very checkpoint.")
]


MISSING = {"type": "missing", "loc": ("body", "image"), "msg": "Send a file."}
REFUSALS = problems(
    JobNotFound(),
    CheckpointNotFound(),
    NoCheckpointYet(),
    DatabaseUnavailable(),
    RequestValidationError([MISSING]),
    ImagesRefused({0: ("empty.png", EmptyImage())}),
    ImagesRefused({0: ("torn.png", CorruptImage())}),
    ImagesRefused({0: ("notes.txt", NotAnImage())}),
    ImagesRefused({0: ("film.webp", AnimatedImage())}),
    ImagesRefused({0: ("poster.png", ImageTooLarge())}),
    ImagesRefused({0: ("torn.png", CorruptImage()), 2: ("notes.txt", NotAnImage())}),
)
UPLOAD = {"required": True, "content": {"multipart/form-data": {"examples": UPLOADS}}}


@router.post(
    "/predict",
    response_model=PredictionList,
    responses={HTTPStatus.OK: answers.PREDICTIONS, **REFUSALS},
    openapi_extra={"requestBody": UPLOAD},
)
def predict(  # noqa: PLR0913  # each is a parameter of the request
    services: ServicesDep,
    session: ReadSession,
    image: OneImage = None,
    images: ManyImages = None,
    job_id: FromJob = None,
    checkpoint_id: FromCheckpoint = None,
) -> PredictionList:
    """Say which digit each picture shows.

    Send PNG, JPEG or WebP files as `image` or `images`. The best checkpoint of the
    newest succeeded job answers, unless a job or a checkpoint is named.
    """
    uploads = [*([image] if image else []), *(images or [])]
    pixels = read_images(uploads, services.settings.max_image_pixels)
    checkpoint = choose_checkpoint(session, job_id, checkpoint_id)
    predictions = services.predictor.predict(
        checkpoint.id, lambda wanted: jobs.read_weights(session, wanted), pixels
    )
    answers = [
        PredictionPublic(file=name_of(upload), **vars(prediction))
        for upload, prediction in zip(uploads, predictions, strict=True)
    ]
    named = CheckpointPublic.model_validate(checkpoint)
    return PredictionList(data=answers, checkpoint=named)


def choose_checkpoint(
    session: Session, job_id: UUID | None, checkpoint_id: UUID | None
) -> Checkpoint:
    if checkpoint_id is not None:
        return jobs.get_checkpoint(session, checkpoint_id)
    return jobs.best_checkpoint(session, job_id)


def read_images(uploads: list[UploadFile], max_pixels: int) -> list[Pixels]:
    """Decode every upload, or refuse them all and name each that is wrong."""
    if not uploads:
        raise RequestValidationError([MISSING])
    pixels: list[Pixels] = []
    refused: dict[int, tuple[str, ImageRefused]] = {}
    for place, upload in enumerate(uploads):
        try:
            image = decode_image(upload.file.read(), max_pixels)
            pixels.append(to_pixels(image))
        except ImageRefused as error:
            refused[place] = (name_of(upload), error)
    if refused:
        raise ImagesRefused(refused)
    return pixels


def name_of(upload: UploadFile) -> str:
    # A client may choose a charset in which a name decodes to half a surrogate.
    return (upload.filename or "unnamed").encode(errors="replace").decode()
