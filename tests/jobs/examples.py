"""What the tests of app.jobs are made of: an epoch, a state, a look at every row."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, Row, select
from sqlmodel import Session, SQLModel

from app import jobs
from app.database.engine import read_session, write_session
from app.jobs import Claim, Ending, EpochRecord, Lease, SavedState, TestResult
from app.jobs.leases import claim_job
from app.models import EpochMetrics, Job, JobError, Progress
from app.spec import JobRequest
from app.states import ErrorCode, JobStatus, Outcome

LEASE = timedelta(seconds=60)
EXPIRED = timedelta(seconds=-1)
REDELIVERY = timedelta(seconds=60)
AT_ONCE = timedelta(0)

STATE = SavedState(epoch=1, step=3, data=b"optimizer and all")
DIVERGED = JobError(
    code=ErrorCode.DIVERGED_NON_FINITE,
    message="The loss is not a number.",
    hint="",
    retryable=False,
)
PROGRESS = Progress(
    epoch=1,
    epochs=10,
    step=3,
    steps=430,
    fraction=0.1,
    train_loss=0.5,
    train_accuracy=0.9,
    images_per_second=9000.0,
    seconds_left=12.5,
)


def an_epoch(
    claim: Claim, epoch: int = 1, *, is_best: bool = True, state: SavedState = STATE
) -> EpochRecord:
    metrics = EpochMetrics(
        job_id=claim.job_id,
        epoch=epoch,
        attempt=claim.attempt,
        train_loss=0.5,
        train_accuracy=0.8,
        val_loss=0.25,
        val_accuracy=0.9 + epoch / 1000,
        seconds=2.0,
        images_per_second=27500.0,
    )
    return EpochRecord(metrics, b"weights of epoch %d" % epoch, state, is_best)


def claimed(session: Session, job_id: UUID, lease: timedelta = LEASE) -> Claim:
    claim = claim_job(session, job_id, Lease("worker-1", lease))
    assert claim is not None
    return claim


def submit(engine: Engine, **values: object) -> UUID:
    request = JobRequest.model_validate({"seed": 1} | values)
    with write_session(engine) as session:
        return jobs.submit_job(session, request).id


def start(engine: Engine, lease: timedelta = LEASE) -> Claim:
    """Submit a job that a worker takes at once."""
    job_id = submit(engine)
    with write_session(engine) as session:
        return claimed(session, job_id, lease)


def settle(
    session: Session, claim: Claim, outcome: Outcome, max_attempts: int = 5
) -> JobStatus | None:
    """Settle the job as its supervisor would, with the outcome's name for a reason."""
    return jobs.settle_job(session, claim, Ending(outcome, outcome, max_attempts))


def crash(session: Session, claim: Claim, max_attempts: int = 5) -> JobStatus | None:
    return settle(session, claim, Outcome.LOST, max_attempts)


def release(session: Session, claim: Claim) -> None:
    jobs.save_state(session, claim, STATE)
    settle(session, claim, Outcome.RELEASED)


def finish(session: Session, claim: Claim) -> None:
    jobs.record_result(session, claim, TestResult(loss=0.03, accuracy=0.99))
    settle(session, claim, Outcome.FINISHED)


def fail(session: Session, claim: Claim) -> None:
    jobs.record_error(session, claim, DIVERGED)
    settle(session, claim, Outcome.FAILED)


def look(engine: Engine, job_id: UUID) -> Job:
    """Read the job as somebody else sees it."""
    with read_session(engine) as session:
        return jobs.get_job(session, job_id)


def kinds(engine: Engine, job_id: UUID) -> list[str]:
    with read_session(engine) as session:
        return [event.kind for event in jobs.list_events(session, job_id, after=0)]


def last_event(engine: Engine, job_id: UUID) -> dict[str, object]:
    with read_session(engine) as session:
        return jobs.list_events(session, job_id, after=0)[-1].data


def every_row(engine: Engine) -> dict[str, list[Row[tuple[object, ...]]]]:
    """Read the whole database, to see that nothing has changed."""
    with read_session(engine) as session:
        return {
            table.name: list(session.connection().execute(select(table)))
            for table in SQLModel.metadata.sorted_tables
        }
