"""A checkpoint that a model's version points at outlives what would remove it."""

from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs, registry
from app.database.engine import write_session
from app.errors import CheckpointInUse
from tests.jobs.examples import an_epoch, claimed, finish, submit


def with_versions(engine: Engine, epoch: int, **values: object) -> UUID:
    """Return a finished job of three epochs, one of which is a model's version."""
    job_id = submit(engine, **values)
    with write_session(engine) as session:
        claim = claimed(session, job_id)
        for number in (1, 2, 3):
            jobs.record_epoch(session, claim, an_epoch(claim, number))
        finish(session, claim)
        chosen = jobs.checkpoint_of_epoch(session, job_id, epoch)
        registry.create_model(session, "digits", None)
        registry.add_version(session, "digits", chosen.id)
    return job_id


def kept(session: Session, job_id: UUID) -> list[int]:
    return [row.epoch for row in jobs.list_checkpoints(session, job_id)]


def test_retention_keeps_what_a_version_points_at(
    engine: Engine, session: Session
) -> None:
    job_id = with_versions(engine, epoch=1, checkpoints="best_and_last")

    dropped = jobs.prune_checkpoints(session, job_id)

    assert dropped == [2]
    assert kept(session, job_id) == [1, 3]


def test_the_budget_keeps_what_a_version_points_at(
    engine: Engine, session: Session
) -> None:
    job_id = with_versions(engine, epoch=1)

    jobs.enforce_budget(session, 0)

    assert kept(session, job_id) == [1, 3]
    assert jobs.kept_bytes(session) == 2 * len(b"weights of epoch 1")


@pytest.mark.parametrize("files_only", [True, False])
def test_a_job_is_not_deleted_from_under_a_version(
    engine: Engine, session: Session, *, files_only: bool
) -> None:
    job_id = with_versions(engine, epoch=1)

    with pytest.raises(CheckpointInUse, match="digits@1"):
        jobs.delete_job(session, job_id, files_only=files_only)
    assert kept(session, job_id) == [1, 2, 3]

    registry.delete_version(session, "digits", 1)
    jobs.delete_job(session, job_id, files_only=files_only)
    assert kept(session, job_id) == []
