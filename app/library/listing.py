"""Reading datasets and what was found in them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from app.errors import DatasetNotFound, UnknownCursor
from app.models import Dataset, DatasetContent


@dataclass(frozen=True)
class DatasetPage:
    """One page of datasets, newest first, and whether older ones follow."""

    datasets: list[Dataset]
    has_more: bool


def find_dataset(session: Session, dataset_id: UUID) -> Dataset | None:
    return session.get(Dataset, dataset_id, populate_existing=True)


def get_dataset(session: Session, dataset_id: UUID) -> Dataset:
    dataset = find_dataset(session, dataset_id)
    if dataset is None:
        raise DatasetNotFound
    return dataset


def get_content(session: Session, digest: str | None) -> DatasetContent | None:
    return None if digest is None else session.get(DatasetContent, digest)


def list_datasets(session: Session, limit: int, after: UUID | None) -> DatasetPage:
    """Return up to limit versions older than `after`, by keyset (created_at, id)."""
    place = tuple_(col(Dataset.created_at), col(Dataset.id))
    statement = select(Dataset).order_by(
        col(Dataset.created_at).desc(), col(Dataset.id).desc()
    )
    if after is not None:
        cursor = session.get(Dataset, after)
        if cursor is None:
            raise UnknownCursor
        statement = statement.where(place < (cursor.created_at, cursor.id))
    found = list(session.exec(statement.limit(limit + 1)))
    return DatasetPage(found[:limit], has_more=len(found) > limit)
