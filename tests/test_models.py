"""What is written to a table comes back the same."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine, text
from sqlmodel import Session

from app.models import Job, JobError, Progress, UtcDateTime, now
from app.spec import SGD, TrainingSpec
from app.states import ErrorCode, JobStatus, StopReason

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TWO_HOURS_EAST = timezone(timedelta(hours=2))


def stored(session: Session, job: Job) -> Job:
    """Return the job as another reader of the table finds it."""
    session.add(job)
    session.commit()
    session.expunge_all()
    return session.get_one(Job, job.id)


def column(session: Session, name: str) -> object:
    return session.connection().execute(text(f"SELECT {name} FROM job")).scalar_one()


def test_a_new_job_is_queued_and_has_done_nothing(session: Session) -> None:
    job = stored(session, Job(spec=TrainingSpec()))

    assert job.status is JobStatus.QUEUED
    assert not job.is_terminal
    assert (job.attempt, job.epoch, job.crashes, job.event_count) == (0, 0, 0, 0)


def test_a_spec_comes_back_as_a_spec(session: Session) -> None:
    spec = TrainingSpec(optimizer=SGD(kind="sgd", momentum=0.9, nesterov=True))

    assert stored(session, Job(spec=spec)).spec == spec


def test_a_stored_spec_is_validated_when_it_is_read(session: Session) -> None:
    job = stored(session, Job(spec=TrainingSpec(epochs=7)))
    damaged = text("UPDATE job SET spec = json_set(spec, '$.epochs', '7')")
    session.connection().execute(damaged)

    with pytest.raises(ValidationError, match="epochs"):
        session.refresh(job)


def test_progress_and_error_come_back_as_what_they_are(session: Session) -> None:
    progress = Progress(
        epoch=2,
        epochs=10,
        step=5,
        steps=430,
        fraction=0.1,
        train_loss=None,
        train_accuracy=0.5,
        images_per_second=9000.0,
        seconds_left=12.5,
    )
    error = JobError(
        code=ErrorCode.DIVERGED_NON_FINITE,
        message="No.",
        hint="Slower.",
        retryable=False,
    )

    job = stored(session, Job(spec=TrainingSpec(), progress=progress, error=error))

    assert (job.progress, job.error) == (progress, error)


def test_absent_progress_is_null_and_not_json(session: Session) -> None:
    stored(session, Job(spec=TrainingSpec()))

    assert column(session, "progress IS NULL AND error IS NULL") == 1


def test_a_status_is_stored_as_its_word(session: Session) -> None:
    stored(session, Job(spec=TrainingSpec(), status=JobStatus.SUCCEEDED))

    assert column(session, "status") == "succeeded"


def test_a_reason_is_stored_as_its_word(session: Session) -> None:
    job = Job(spec=TrainingSpec(), stop_reason=StopReason.STOPPED_BY_USER)

    assert stored(session, job).stop_reason is StopReason.STOPPED_BY_USER
    assert column(session, "stop_reason") == "stopped_by_user"


def test_names_and_tags_come_back_as_they_were(session: Session) -> None:
    named = Job(spec=TrainingSpec(), name="é", tags=["a", "a"])
    named.user_metadata = {"k": ""}

    job = stored(session, named)

    assert (job.name, job.tags, job.user_metadata) == ("é", ["a", "a"], {"k": ""})
    assert column(session, "metadata") == '{"k": ""}'


def test_a_moment_keeps_its_instant_and_its_microsecond(session: Session) -> None:
    local = NOON.astimezone(TWO_HOURS_EAST) + timedelta(microseconds=1)

    job = stored(session, Job(spec=TrainingSpec(), created_at=local))

    assert job.created_at == local
    assert job.created_at.tzinfo is UTC


def test_a_moment_that_never_was_stays_absent(session: Session) -> None:
    assert stored(session, Job(spec=TrainingSpec())).finished_at is None


def test_a_database_that_answers_in_its_own_zone_is_understood(
    engine: Engine,
) -> None:
    answer = NOON.astimezone(TWO_HOURS_EAST)

    moment = UtcDateTime().process_result_value(answer, engine.dialect)

    assert moment == NOON
    assert moment.tzinfo is UTC


def test_now_knows_its_zone() -> None:
    assert now().tzinfo is UTC
