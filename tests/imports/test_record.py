"""An import is stored whole with its version, on either database, or not at all."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from app import jobs, registry
from app.errors import ModelNotFound
from app.imports import ImportedCheckpoint, Sender, check_upload, store_import
from app.imports.files import Files
from app.models import Checkpoint, CheckpointImport, CheckpointWeights, ModelVersion
from app.states import Action
from tests.factories import tiny_spec
from tests.jobs.conftest import engine as engine
from tests.jobs.conftest import settings as settings

SENDER = Sender(["export.zip"], None)


@pytest.fixture
def imported(weights: bytes) -> ImportedCheckpoint:
    return check_upload(Files(weights, None))


@pytest.fixture
def checkpoint_id(session: Session, imported: ImportedCheckpoint) -> UUID:
    """Give an import that is the only version of a model."""
    registry.create_model(session, "digits", None)
    return store_import(session, "digits", imported, SENDER).checkpoint_id


def counts(session: Session) -> list[int]:
    tables = (Checkpoint, CheckpointWeights, CheckpointImport, ModelVersion)
    return [len(session.exec(select(table)).all()) for table in tables]


def test_weights_origin_and_version_are_stored_together(
    session: Session, checkpoint_id: UUID, weights: bytes
) -> None:
    checkpoint = jobs.get_checkpoint(session, checkpoint_id)

    assert jobs.read_weights(session, checkpoint_id) == weights
    origin = jobs.origin_of(session, checkpoint)
    assert isinstance(origin, CheckpointImport)
    assert origin.input_shape == [1, 28, 28]
    assert registry.list_origins(session, "digits") == {
        checkpoint_id: registry.Origin(checkpoint, origin)
    }


def test_without_a_model_nothing_is_stored(
    session: Session, imported: ImportedCheckpoint
) -> None:
    with pytest.raises(ModelNotFound):
        store_import(session, "digits", imported, SENDER)

    session.rollback()
    assert counts(session) == [0, 0, 0, 0]


@pytest.mark.usefixtures("checkpoint_id")
def test_the_last_version_takes_the_import_along(session: Session) -> None:
    registry.delete_version(session, "digits", 1)

    assert counts(session) == [0, 0, 0, 0]


def test_an_import_that_a_job_starts_from_goes_after_it(
    session: Session, imported: ImportedCheckpoint, checkpoint_id: UUID
) -> None:
    job = jobs.submit_job(session, tiny_spec(init_from=str(checkpoint_id)))
    store_import(session, "digits", imported, SENDER)

    registry.delete_version(session, "digits", 1)
    kept = counts(session)
    jobs.request_action(session, job.id, Action.CANCEL)
    registry.delete_version(session, "digits", 2)

    assert kept == [2, 2, 2, 1]
    assert counts(session) == [0, 0, 0, 0]


def test_no_budget_frees_an_import(session: Session, checkpoint_id: UUID) -> None:
    assert jobs.enforce_budget(session, 0) == []

    assert jobs.kept_bytes(session) == len(jobs.read_weights(session, checkpoint_id))
