"""Both databases under every test of the library, and a dataset to store."""

from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlmodel import Session

from app import library
from app.dataset_report import DatasetReport, Duplicates
from app.library import Content, Split, Upload
from tests.factories import bars
from tests.jobs.conftest import engine as engine
from tests.jobs.conftest import settings as settings

SHEET = b"a picture"


def content_of(train: int = 8, test: int = 4) -> Content:
    images, labels = bars(train + test)
    numbers = labels.astype(np.uint16)
    return Content(
        tuple("0123456789"),
        Split(images[:train], numbers[:train]),
        Split(images[train:], numbers[train:]),
    )


def a_report() -> DatasetReport:
    none = Duplicates(
        within_train=0, within_test=0, across_splits=0, across_classes=0, examples=[]
    )
    return DatasetReport(
        images=12,
        classes=[],
        sizes={},
        modes={},
        duplicates=none,
        unreadable_count=0,
        unreadable=[],
        empty_classes=[],
        imbalance=None,
        mean=None,
        std=None,
        fatal=[],
        warnings=[],
    )


def begin(session: Session, name: str = "shapes") -> tuple[UUID, int]:
    """Store a version that is being validated; return who holds it."""
    upload = Upload(uuid4(), name, ("a.zip",), "plain")
    dataset = library.new_version(session, upload)
    return dataset.id, dataset.attempt


def store(session: Session, name: str = "shapes", train: int = 8) -> UUID:
    """Store a version that is ready."""
    held = begin(session, name)
    kept = (content_of(train), SHEET)
    assert library.record_result(session, held, a_report(), kept)
    return held[0]


@pytest.fixture
def dataset_id(session: Session) -> UUID:
    return store(session)
