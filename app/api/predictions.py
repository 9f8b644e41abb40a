"""Routes under /predictions: zips of pictures, classified in the background."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from sqlmodel import Session

from app.api import etags
from app.api.archive_upload import save_archive
from app.api.deps import (
    Asker,
    AskerDep,
    ReadSession,
    Services,
    ServicesDep,
    WriteSession,
    asker_of,
)
from app.api.jobs import After, Limit
from app.api.listings import listing_of
from app.api.openapi import bulk as answers
from app.api.openapi.refusals import problems
from app.api.prediction_schemas import BulkPublic
from app.api.queries import ModelQuery
from app.api.schemas import Listing
from app.api.tickets import IdempotencyHeader, ticket_of_upload
from app.bulk.archive import archive_limits, count_images
from app.bulk.listing import find_bulk, get_bulk, list_bulks, read_parts
from app.bulk.record import delete_bulk, submit_bulk
from app.bulk.rows import as_csv, as_ndjson
from app.bulk.staging import archive_path, clear, folder_of
from app.database.engine import write_session
from app.errors import (
    AliasNotFound,
    BulkBusy,
    BulkNotFinished,
    BulkNotFound,
    CheckpointMismatch,
    CheckpointNotFound,
    DatabaseUnavailable,
    IdempotencyKeyReused,
    JobNotFound,
    ModelNotFound,
    NoCheckpointYet,
    NotZip,
    PreprocessMismatch,
    StorageFull,
    UnknownCursor,
    UploadRefused,
    VersionNotFound,
)
from app.models import BulkPrediction
from app.tickets import Ticket, once

NO_FILE = {"type": "missing", "loc": ("body", "file"), "msg": "Send one zip as `file`."}

router = APIRouter(
    prefix="/predictions",
    tags=["predictions"],
    responses=problems(DatabaseUnavailable()),
)

BulkId = Annotated[
    UUID, Path(alias="prediction_id", description="As POST /predictions gave it.")
]
Asked = Annotated[ModelQuery, Query()]
Format = Annotated[
    Literal["csv", "ndjson"],
    Query(description="`csv` has no probabilities but the label's."),
]


def get_requested_bulk(
    bulk_id: BulkId, session: ReadSession, asker: AskerDep
) -> BulkPrediction:
    return seen_bulk(session, asker, bulk_id)


def seen_bulk(session: Session, asker: Asker, bulk_id: UUID) -> BulkPrediction:
    """Return it; one of another key is as unknown as one that is not there."""
    bulk = get_bulk(session, bulk_id)
    if asker.sees_only not in (None, bulk.key_id):
        raise BulkNotFound
    return bulk


BulkDep = Annotated[BulkPrediction, Depends(get_requested_bulk, scope="function")]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=BulkPublic,
    responses={
        HTTPStatus.CREATED: answers.CREATED,
        **problems(
            JobNotFound(),
            CheckpointNotFound(),
            ModelNotFound(),
            AliasNotFound(),
            VersionNotFound(),
            NoCheckpointYet(),
            CheckpointMismatch(),
            PreprocessMismatch(),
            NotZip(),
            RequestValidationError([NO_FILE]),
            UploadRefused(),
            BulkBusy(),
            StorageFull(),
            IdempotencyKeyReused(),
        ),
    },
    openapi_extra={"requestBody": answers.ARCHIVE},
)
async def create_prediction(
    request: Request,
    asked: Asked,
    services: ServicesDep,
    response: Response,
    key: IdempotencyHeader = None,
) -> BulkPrediction:
    """Classify a zip of pictures in the background.

    Send the zip as the body or as a file of a form. The checkpoint that answers is
    chosen now, as /predict does. A picture that cannot be read becomes a row that says
    why, and costs the others nothing.
    """
    asker = asker_of(request)
    chosen = await services.choices.choose(asked.choice_of(asker.sees_only))
    await asyncio.to_thread(services.demand_room)
    bulk = BulkPrediction(
        id=uuid4(),
        key_id=asker.key_id,
        checkpoint=chosen.checkpoint.model_dump(mode="json"),
        preprocess=chosen.mode(asked.preprocess),
        size_bytes=0,
        images=0,
    )
    stored = await take_in(request, services, bulk, key)
    services.bulk_bell.set()
    response.headers["Location"] = f"/predictions/{stored.id}"
    return stored


async def take_in(
    request: Request, services: Services, bulk: BulkPrediction, key: str | None
) -> BulkPrediction:
    """Store a zip that is fit to be worked on; of any other nothing stays."""
    data_dir = services.settings.data_dir
    folder = folder_of(data_dir, bulk.id)
    folder.mkdir(parents=True)
    try:
        await save_archive(request, folder)
        ticket = await asyncio.to_thread(ticket_of_upload, request, key, (), folder)
        stored = await asyncio.to_thread(store, services, bulk, ticket)
    except BaseException:
        # Also when the client goes away in the middle.
        clear(data_dir, bulk.id)
        raise
    if stored.id != bulk.id:  # it had come before
        clear(data_dir, bulk.id)
    return stored


def store(
    services: Services, bulk: BulkPrediction, ticket: Ticket | None
) -> BulkPrediction:
    path = archive_path(services.settings.data_dir, bulk.id)
    bulk.size_bytes = path.stat().st_size
    bulk.images = count_images(path, archive_limits(services.settings))
    with write_session(services.engine) as session:
        return once(
            session,
            ticket,
            lambda bulk_id: find_bulk(session, UUID(bulk_id)),
            lambda: submit_bulk(session, bulk, services.settings.bulk_queue, ticket),
        )


@router.get(
    "",
    response_model=Listing[BulkPublic],
    responses={HTTPStatus.OK: answers.PAGE, **problems(UnknownCursor())},
)
def list_predictions(
    session: ReadSession, asker: AskerDep, limit: Limit = 20, after: After = None
) -> Listing[BulkPrediction]:
    """List bulk predictions, newest first.

    While `has_more` is true, `after=last_id` asks for the next page.
    """
    page = list_bulks(session, limit, after, asker.sees_only)
    return listing_of(page.found, has_more=page.has_more)


@router.get(
    "/{prediction_id}",
    response_model=BulkPublic,
    responses={
        HTTPStatus.OK: etags.tagged(answers.SHOWN),
        **etags.UNCHANGED,
        **problems(BulkNotFound()),
    },
)
def get_prediction(
    bulk: BulkDep, response: Response, known: etags.IfNoneMatch = None
) -> BulkPublic | Response:
    """Show how far a bulk prediction is.

    Once `is_terminal` is true nothing here changes any more.
    """
    shown = BulkPublic.model_validate(bulk)
    return etags.unless_known(shown, etags.tag_of(shown), known, response)


@router.delete(
    "/{prediction_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(BulkNotFound()),
)
def delete_prediction(
    bulk_id: BulkId, session: WriteSession, services: ServicesDep, asker: AskerDep
) -> None:
    """Delete a bulk prediction with its result.

    One that waits or runs is stopped.
    """
    seen_bulk(session, asker, bulk_id)
    delete_bulk(session, bulk_id)
    clear(services.settings.data_dir, bulk_id)


@router.get(
    "/{prediction_id}/result",
    response_class=Response,
    responses={
        HTTPStatus.OK: answers.RESULT,
        **problems(BulkNotFound(), BulkNotFinished()),
    },
)
def download_result(
    bulk: BulkDep, services: ServicesDep, format: Format = "ndjson"
) -> StreamingResponse:
    """Download a row for each file of the zip, in its order.

    A bulk prediction that failed has the rows of what was done before.
    """
    if not bulk.is_terminal:
        raise BulkNotFinished
    parts = read_parts(services.engine, bulk.id)
    name = f'attachment; filename="prediction-{bulk.id}.{format}"'
    headers = {"Content-Disposition": name}
    if format == "csv":
        kind = "text/csv; charset=utf-8"
        return StreamingResponse(as_csv(parts), media_type=kind, headers=headers)
    kind = "application/x-ndjson"
    return StreamingResponse(as_ndjson(parts), media_type=kind, headers=headers)
