"""A deletion frees what nobody else has, and never what a job needs."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app import jobs, library
from app.errors import DatasetInUse, DatasetNotFound
from app.models import DatasetChunk, DatasetContent, DatasetSheet
from app.states import Action
from tests.factories import tiny_spec
from tests.library.conftest import begin, store


def submit(session: Session) -> UUID:
    request = tiny_spec(dataset="shapes", validation_size=1)
    return jobs.submit_job(session, request).id


def test_the_last_version_takes_its_content_along(
    session: Session, dataset_id: UUID
) -> None:
    told = library.what_would_be_freed(session, dataset_id)

    freed = library.delete_dataset(session, dataset_id)

    assert freed == told
    assert freed.stored_bytes > 0
    for table in (DatasetChunk, DatasetContent, DatasetSheet):
        assert session.exec(select(table)).all() == []


def test_shared_content_stays_with_the_other_version(
    session: Session, dataset_id: UUID
) -> None:
    other = store(session, "copies")

    freed = library.delete_dataset(session, dataset_id)

    assert (freed.stored_bytes, freed.shared_with) == (0, ["copies@1"])
    digest = library.get_dataset(session, other).digest
    assert digest is not None
    assert len(library.read_content(session, digest).train) == 8


def test_a_version_that_a_job_waits_for_stays(
    session: Session, dataset_id: UUID
) -> None:
    job_id = submit(session)

    with pytest.raises(DatasetInUse, match="1 jobs"):
        library.delete_dataset(session, dataset_id)

    assert library.what_would_be_freed(session, dataset_id).jobs_waiting == 1
    jobs.request_action(session, job_id, Action.CANCEL)


def test_a_job_that_has_ended_does_not_keep_its_dataset(
    session: Session, dataset_id: UUID
) -> None:
    job_id = submit(session)
    jobs.request_action(session, job_id, Action.CANCEL)

    library.delete_dataset(session, dataset_id)

    pin = jobs.get_job(session, job_id).spec.used_pin
    assert pin is not None
    assert pin.reference == "shapes@1"


def test_a_version_that_has_no_content_frees_nothing(session: Session) -> None:
    dataset_id, _attempt = begin(session)

    assert library.delete_dataset(session, dataset_id).stored_bytes == 0


def test_what_is_not_there_is_not_deleted(session: Session, engine: Engine) -> None:
    for ask in (library.delete_dataset, library.what_would_be_freed):
        with pytest.raises(DatasetNotFound):
            ask(session, uuid4())
