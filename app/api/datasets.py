"""Routes under /datasets, but for the upload itself."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from sqlmodel import Session

from app import library
from app.api import etags
from app.api.dataset_schemas import (
    DatasetPublic,
    built_in_dataset,
    public_dataset,
    public_freed,
)
from app.api.deps import ReadSession, WriteSession
from app.api.listings import listing_of
from app.api.openapi import datasets as answers
from app.api.openapi.refusals import problems
from app.api.schemas import Listing
from app.dataset_report import DatasetReport
from app.datasets.builtin import BUILT_IN
from app.errors import (
    DatabaseUnavailable,
    DatasetInUse,
    DatasetNotFound,
    DatasetReportNotFound,
    UnknownCursor,
)
from app.models import Dataset
from app.spec import DatasetName

router = APIRouter(
    prefix="/datasets", tags=["datasets"], responses=problems(DatabaseUnavailable())
)

BUILT_IN_TEST_IMAGES = 10_000
NO_REPORT = "Of a built-in dataset there is no report."

DatasetId = Annotated[
    UUID | DatasetName,
    Path(description="The id that POST /datasets gave, or a built-in dataset's name."),
]
Limit = Annotated[int, Query(ge=1, le=100, description="Most datasets in the answer.")]
After = Annotated[
    UUID | DatasetName | None, Query(description="`last_id` of the page before.")
]
OnlyTry = Annotated[
    bool, Query(description="Delete nothing; tell what that would free.")
]


@router.get(
    "", responses={HTTPStatus.OK: answers.DATASETS, **problems(UnknownCursor())}
)
def list_datasets(
    session: ReadSession, limit: Limit = 20, after: After = None
) -> Listing[DatasetPublic]:
    """List datasets, newest first.

    Each version of an uploaded dataset is an entry; the built-in ones come last. While
    `has_more` is true, `after=last_id` asks for the next page.
    """
    data, has_more = page_of(session, limit, after)
    return listing_of(data, has_more=has_more)


@router.get(
    "/{dataset_id}",
    response_model=DatasetPublic,
    responses={
        HTTPStatus.OK: etags.tagged(answers.DATASET),
        **etags.UNCHANGED,
        **problems(DatasetNotFound()),
    },
)
def get_dataset(
    dataset_id: DatasetId,
    session: ReadSession,
    response: Response,
    known: etags.IfNoneMatch = None,
) -> DatasetPublic | Response:
    """Show one dataset.

    Once `status` is `ready` jobs can learn from it; `failed` says why in `error` or
    `fatal`, and is final.
    """
    if isinstance(dataset_id, UUID):
        found = shown(session, library.get_dataset(session, dataset_id))
    else:
        found = built_in(dataset_id)
    return etags.unless_known(found, etags.tag_of(found), known, response)


@router.delete(
    "/{dataset_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses={
        HTTPStatus.OK: answers.FREED,
        **problems(DatasetNotFound(), DatasetInUse()),
    },
)
def delete_dataset(
    dataset_id: DatasetId, session: WriteSession, *, dry_run: OnlyTry = False
) -> Response:
    """Delete a version of a dataset.

    Its images go with the last version that has them. Refused while a job that has not
    ended learns from it; jobs that have ended keep their record and checkpoints. With
    `dry_run=true` nothing is deleted, and the answer tells what that would free.
    """
    if not isinstance(dataset_id, UUID):
        raise DatasetInUse("A built-in dataset cannot be deleted.")
    if dry_run:
        freed = public_freed(library.what_would_be_freed(session, dataset_id))
        return JSONResponse(freed.model_dump(mode="json"))
    library.delete_dataset(session, dataset_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get(
    "/{dataset_id}/report",
    responses={
        HTTPStatus.OK: answers.REPORT,
        **problems(DatasetNotFound(), DatasetReportNotFound()),
    },
)
def get_dataset_report(dataset_id: DatasetId, session: ReadSession) -> DatasetReport:
    """Show what was found in an uploaded dataset.

    Images by class and split, sizes, modes, copies within and across splits, files that
    could not be read, empty classes, imbalance, mean and spread. What is `fatal` makes
    it unusable; `warnings` do not.
    """
    report = uploaded(session, dataset_id).report
    if report is None:
        raise DatasetReportNotFound
    return report


@router.get(
    "/{dataset_id}/contact-sheet.png",
    response_class=Response,
    responses={
        HTTPStatus.OK: answers.SHEET,
        **problems(DatasetNotFound(), DatasetReportNotFound()),
    },
)
def get_contact_sheet(dataset_id: DatasetId, session: ReadSession) -> Response:
    """Draw some training images of each class.

    A row for each of the first sixty classes, as a network sees the images.
    """
    digest = uploaded(session, dataset_id).digest
    picture = library.read_contact_sheet(session, digest)
    headers = {"X-Content-Type-Options": "nosniff"}
    return Response(picture, media_type="image/png", headers=headers)


def uploaded(session: Session, dataset_id: UUID | DatasetName) -> Dataset:
    if not isinstance(dataset_id, UUID):
        raise DatasetReportNotFound(NO_REPORT)
    return library.get_dataset(session, dataset_id)


def shown(session: Session, dataset: Dataset) -> DatasetPublic:
    return public_dataset(dataset, library.get_content(session, dataset.digest))


def built_in(name: DatasetName) -> DatasetPublic:
    names = [*BUILT_IN[name].class_names]
    return built_in_dataset(name, names, BUILT_IN_TEST_IMAGES)


def page_of(
    session: Session, limit: int, after: UUID | DatasetName | None
) -> tuple[list[DatasetPublic], bool]:
    """Return a page over uploaded datasets and then the built-in ones."""
    names = [*BUILT_IN]
    if after is not None and not isinstance(after, UUID):
        data, has_more = [], False
        names = names[names.index(after) + 1 :]
    else:
        page = library.list_datasets(session, limit, after)
        data = [shown(session, dataset) for dataset in page.found]
        has_more = page.has_more
    if has_more:
        return data, True
    room = limit - len(data)
    return [*data, *map(built_in, names[:room])], len(names) > room
