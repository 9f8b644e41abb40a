"""Reading datasets and what was found in them."""

from uuid import UUID

from sqlmodel import Session, select

from app.database.pages import Page, last_seen, newest_first, older_than
from app.errors import DatasetNotFound
from app.models import Dataset, DatasetContent


def find_dataset(session: Session, dataset_id: UUID) -> Dataset | None:
    return session.get(Dataset, dataset_id, populate_existing=True)


def get_dataset(session: Session, dataset_id: UUID) -> Dataset:
    dataset = find_dataset(session, dataset_id)
    if dataset is None:
        raise DatasetNotFound
    return dataset


def get_content(session: Session, digest: str | None) -> DatasetContent | None:
    return None if digest is None else session.get(DatasetContent, digest)


def list_datasets(session: Session, limit: int, after: UUID | None) -> Page[Dataset]:
    """Return up to limit versions older than `after`.

    Raises:
        UnknownCursor: There is no such version to begin after.
    """
    last = last_seen(session, Dataset, after)
    statement = older_than(select(Dataset), Dataset, last)
    return newest_first(session, statement, Dataset, limit)
