"""The route that classifies pictures."""

from functools import cache, partial
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from PIL import Image
from sqlmodel import Session

from app import jobs
from app.api.classify import OptionsDep, Seen, entries, look
from app.api.deps import ReadSession, ServicesDep
from app.api.openapi import answers
from app.api.openapi.refusals import problems
from app.api.prediction_schemas import PredictionList
from app.api.schemas import CheckpointPublic
from app.api.uploads import (
    FORM,
    MISSING,
    ManyImages,
    OneImage,
    all_uploads,
    name_of,
    read_uploads,
)
from app.errors import (
    AnimatedImage,
    CheckpointNotFound,
    CorruptImage,
    DatabaseUnavailable,
    EmptyImage,
    ImagesRefused,
    ImageTooLarge,
    JobNotFound,
    NoCheckpointYet,
    NotAnImage,
)
from app.models import Checkpoint
from app.vision.reading import Mode

router = APIRouter(tags=["predictions"])

DIGITS_DATASET = "mnist"
FromJob = Annotated[
    UUID | None, Query(description="Answer with this job's best checkpoint so far.")
]
FromCheckpoint = Annotated[
    UUID | None, Query(description="Answer with this very checkpoint.")
]
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
    ImagesRefused({0: ("torn.png", CorruptImage()), 1: ("notes.txt", NotAnImage())}),
)


@router.post(
    "/predict",
    response_model=PredictionList,
    responses={HTTPStatus.OK: answers.PREDICTIONS, **REFUSALS},
    openapi_extra={"requestBody": FORM},
)
def predict(  # noqa: PLR0913  # each is a parameter of the request
    services: ServicesDep,
    session: ReadSession,
    options: OptionsDep,
    image: OneImage = None,
    images: ManyImages = None,
    job_id: FromJob = None,
    checkpoint_id: FromCheckpoint = None,
) -> PredictionList:
    """Say which digit each picture shows.

    Send PNG, JPEG or WebP files as `image` or `images`. The best checkpoint of the
    newest succeeded job answers, unless a job or a checkpoint is named. A file that
    cannot be read gets an `error` in its place; if none can, the request is refused.
    """
    uploads = all_uploads(image, images)
    # Asked for by the first file that can be read: where none can, that is the news.
    choose = cache(partial(choose_checkpoint, session, job_id, checkpoint_id))

    def read(picture: Image.Image) -> Seen:
        return look(
            picture, options, options.preprocess or usual_mode(session, choose())
        )

    found = read_uploads(uploads, services.settings.max_image_pixels, read)
    checkpoint = choose()
    classify = partial(
        services.predictor.predict, checkpoint.id, partial(jobs.read_weights, session)
    )
    names = [name_of(upload) for upload in uploads]
    data = list(entries(names, found, classify, explain=options.explain))
    named = CheckpointPublic.model_validate(checkpoint)
    return PredictionList(data=data, checkpoint=named)


def choose_checkpoint(
    session: Session, job_id: UUID | None, checkpoint_id: UUID | None
) -> Checkpoint:
    if checkpoint_id is not None:
        return jobs.get_checkpoint(session, checkpoint_id)
    return jobs.best_checkpoint(session, job_id)


def usual_mode(session: Session, checkpoint: Checkpoint) -> Mode:
    """Return how its training images look: strokes are sought where they are digits."""
    dataset = jobs.get_job(session, checkpoint.job_id).spec.dataset
    return Mode.AUTO if dataset == DIGITS_DATASET else Mode.NONE
