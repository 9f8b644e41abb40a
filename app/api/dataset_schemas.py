"""The bodies that tell of datasets."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.library import Freed
from app.models import Dataset, DatasetContent
from app.spec import PICTURES, DatasetName, ImageShape, PreprocessName
from app.states import DatasetStatus


class DatasetPublic(BaseModel):
    """A version of an uploaded dataset, or one that is built in."""

    object: Literal["dataset"] = "dataset"
    id: UUID | DatasetName
    name: str
    version: int | None = Field(description="Null for a built-in dataset.")
    reference: str = Field(description="What `dataset` of `POST /jobs` takes.")
    status: DatasetStatus
    created_at: datetime | None
    digest: str | None = Field(description="SHA-256 of all images and labels.")
    preprocess: PreprocessName | None = Field(
        description="How its pictures became that; null: they were."
    )
    shape: ImageShape | None = Field(
        description="Channels, height and width of each image, as networks see it."
    )
    class_names: list[str] | None
    train_images: int | None
    test_images: int | None
    stored_bytes: int | None = Field(description="In the database, compressed.")
    error: str | None = Field(description="Why the upload could not be read.")
    fatal: list[str] = Field(description="What makes it unusable; see its report.")
    warnings: list[str] = Field(description="What its report warns of.")


class FreedPublic(BaseModel):
    """What a deletion would free."""

    object: Literal["freed"] = "freed"
    stored_bytes: int = Field(description="0 while another version has the same.")
    shared_with: list[str]
    jobs_that_use_it: int = Field(description="Not ended yet; any forbids deletion.")


def public_freed(freed: Freed) -> FreedPublic:
    return FreedPublic(
        stored_bytes=freed.stored_bytes,
        shared_with=freed.shared_with,
        jobs_that_use_it=freed.jobs_waiting,
    )


def public_dataset(row: Dataset, content: DatasetContent | None) -> DatasetPublic:
    report = row.report
    return DatasetPublic.model_validate(
        {
            "id": row.id,
            "name": row.name,
            "version": row.version,
            "reference": f"{row.name}@{row.version}",
            "status": row.status,
            "created_at": row.created_at,
            "digest": row.digest,
            "preprocess": row.preprocess,
            "shape": content and content.shape,
            "class_names": content and content.class_names,
            "train_images": content and content.train_images,
            "test_images": content and content.test_images,
            "stored_bytes": content and content.stored_bytes,
            "error": row.error,
            "fatal": [one.message for one in report.fatal] if report else [],
            "warnings": [one.message for one in report.warnings] if report else [],
        }
    )


def built_in_dataset(
    name: DatasetName, class_names: list[str], test_images: int
) -> DatasetPublic:
    return DatasetPublic(
        id=name,
        name=name,
        version=None,
        reference=name,
        status=DatasetStatus.READY,
        created_at=None,
        digest=None,
        preprocess=None,
        shape=PICTURES[name].shape,
        class_names=class_names,
        train_images=PICTURES[name].train_images,
        test_images=test_images,
        stored_bytes=None,
        error=None,
        fatal=[],
        warnings=[],
    )
