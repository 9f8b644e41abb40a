"""A version is begun, and ends once: by who holds it."""

from uuid import UUID

import pytest
from sqlmodel import Session, func, select

from app import library
from app.errors import DatasetNotFound
from app.models import DatasetChunk, DatasetContent
from app.states import DatasetStatus
from tests.library.conftest import SHEET, a_report, begin, content_of, store


def status(session: Session, dataset_id: UUID) -> DatasetStatus:
    return library.get_dataset(session, dataset_id).status


def count(session: Session, table: type[DatasetContent | DatasetChunk]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def test_versions_of_a_name_count_on(session: Session) -> None:
    ids = [begin(session, name)[0] for name in ("a", "b", "a")]

    versions = [library.get_dataset(session, one).version for one in ids]
    assert versions == [1, 1, 2]


def test_a_result_makes_it_ready(session: Session, dataset_id: UUID) -> None:
    dataset = library.get_dataset(session, dataset_id)

    content = library.get_content(session, dataset.digest)
    assert dataset.status is DatasetStatus.READY
    assert content is not None
    assert (content.train_images, content.test_images) == (8, 4)


def test_a_result_without_content_is_a_failure_with_a_report(session: Session) -> None:
    held = begin(session)

    assert library.record_result(session, held, a_report(), None)

    dataset = library.get_dataset(session, held[0])
    assert (dataset.status, dataset.digest) == (DatasetStatus.FAILED, None)
    assert dataset.report is not None


def test_the_same_content_is_stored_once(session: Session) -> None:
    store(session, "a")
    pieces = count(session, DatasetChunk)
    store(session, "b")

    assert (count(session, DatasetContent), count(session, DatasetChunk)) == (1, pieces)


def test_who_lost_the_validation_stores_nothing(session: Session) -> None:
    dataset_id, attempt = begin(session)
    [seen] = library.list_validating(session)
    assert library.claim_dataset(session, seen) == attempt + 1

    kept = (content_of(), SHEET)
    assert not library.record_result(session, (dataset_id, attempt), a_report(), kept)

    assert status(session, dataset_id) is DatasetStatus.VALIDATING
    assert count(session, DatasetContent) == 0


def test_a_version_ends_once(session: Session, dataset_id: UUID) -> None:
    assert not library.record_failure(session, (dataset_id, 1), "too late")

    assert status(session, dataset_id) is DatasetStatus.READY


def test_a_failure_says_why(session: Session) -> None:
    held = begin(session)

    assert library.record_failure(session, held, "Its files are gone.")

    assert library.get_dataset(session, held[0]).error == "Its files are gone."


def test_what_was_refused_at_once_is_forgotten(session: Session) -> None:
    held = begin(session)

    library.forget_dataset(session, held)

    with pytest.raises(DatasetNotFound):
        library.get_dataset(session, held[0])


def test_what_is_ready_is_not_forgotten(session: Session, dataset_id: UUID) -> None:
    library.forget_dataset(session, (dataset_id, 1))

    assert status(session, dataset_id) is DatasetStatus.READY
