"""From what a job names to the version that it learns from."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import DatasetNotFound, DatasetNotReady
from app.models import Dataset, DatasetContent
from app.spec import DatasetPin
from app.states import DatasetStatus


@dataclass(frozen=True)
class Lookup:
    """A version that can be learned from."""

    dataset_id: UUID
    pin: DatasetPin


def look_up(session: Session, reference: str) -> Lookup:
    """Find `name@2`, or of `name` the newest version that has not failed.

    The row is locked where the database can, so that nobody deletes it meanwhile.

    Raises:
        DatasetNotFound: There is none.
        DatasetNotReady: It is still validated, or has failed.
    """
    name, _at, version = reference.partition("@")
    named = select(Dataset).where(col(Dataset.name) == name)
    if version:
        named = named.where(col(Dataset.version) == int(version))
    else:
        named = named.where(col(Dataset.status) != DatasetStatus.FAILED)
    newest = named.order_by(col(Dataset.version).desc()).limit(1)
    dataset = session.exec(newest.with_for_update(read=True)).one_or_none()
    if dataset is None:
        raise DatasetNotFound(f"There is no dataset `{reference}`.")
    content = session.get(DatasetContent, dataset.digest) if dataset.digest else None
    if content is None or dataset.digest is None:
        raise DatasetNotReady(
            f"The dataset `{dataset.name}@{dataset.version}` is {dataset.status}."
        )
    pin = DatasetPin.model_validate(
        {
            "name": dataset.name,
            "version": dataset.version,
            "digest": dataset.digest,
            "classes": len(content.class_names),
            "train_images": content.train_images,
            "preprocess": dataset.preprocess,
            "shape": content.shape,
        }
    )
    return Lookup(dataset.id, pin)
