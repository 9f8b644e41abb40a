"""A job names a dataset by name or by version, and finds what is ready."""

from uuid import UUID

import pytest
from sqlmodel import Session

from app import library
from app.errors import DatasetNotFound, DatasetNotReady
from tests.library.conftest import begin, store


def test_a_name_stands_for_its_newest_version(session: Session) -> None:
    store(session)
    newest = store(session, train=6)

    found = library.look_up(session, "shapes")

    assert found.dataset_id == newest
    assert (found.pin.reference, found.pin.train_images) == ("shapes@2", 6)
    assert (found.pin.classes, found.pin.preprocess) == (10, "plain")


def test_a_version_stays_what_it_was(session: Session, dataset_id: UUID) -> None:
    store(session, train=6)

    found = library.look_up(session, "shapes@1")

    assert (found.dataset_id, found.pin.train_images) == (dataset_id, 8)


def test_a_failed_version_is_passed_over(session: Session, dataset_id: UUID) -> None:
    library.record_failure(session, begin(session), "of no use")

    assert library.look_up(session, "shapes").dataset_id == dataset_id


@pytest.mark.usefixtures("dataset_id")
def test_a_failed_version_that_is_named_is_not_ready(session: Session) -> None:
    library.record_failure(session, begin(session), "of no use")

    with pytest.raises(DatasetNotReady, match="`shapes@2` is failed"):
        library.look_up(session, "shapes@2")


@pytest.mark.usefixtures("dataset_id")
def test_a_newest_version_that_is_validated_is_waited_for(session: Session) -> None:
    begin(session)

    with pytest.raises(DatasetNotReady, match="validating"):
        library.look_up(session, "shapes")


@pytest.mark.usefixtures("dataset_id")
@pytest.mark.parametrize("reference", ["circles", "shapes@9"])
def test_what_is_not_there_is_not_found(session: Session, reference: str) -> None:
    with pytest.raises(DatasetNotFound, match=reference):
        library.look_up(session, reference)
