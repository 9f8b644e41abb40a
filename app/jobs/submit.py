"""From a spec to a queued job whose message is on its way: commit, then enqueue."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from app.errors import QueueUnavailable
from app.jobs.datasets import pin_dataset
from app.jobs.moves import update_job, waits
from app.jobs.starting import start_from
from app.models import Job, JobEvent, now
from app.queue import JobQueue
from app.quotas import UNLIMITED, Quotas, demand_quota
from app.spec import JobRequest
from app.tickets import Ticket, keep_ticket

logger = logging.getLogger(__name__)

DISPATCHED_AT_ONCE = 100


@dataclass(frozen=True)
class Origin:
    """Where a job comes from: a key, another job, a trace; each may be nowhere."""

    key_id: str | None = None
    retried_from: UUID | None = None
    reproduces: UUID | None = None
    traceparent: str | None = None


UNKNOWN = Origin()


def submit_job(
    session: Session,
    request: JobRequest,
    origin: Origin = UNKNOWN,
    ticket: Ticket | None = None,
    quotas: Quotas = UNLIMITED,
) -> Job:
    """Store a job and its first event; `dispatch_job` then tells a worker.

    Raises:
        QuotaExceeded: Its key has no room for another one.
        IntegrityError: A request with the same ticket was faster.
        ValidationError: The dataset or the checkpoint to start from is not there, or
            does not fit.
    """
    request, dataset_id = pin_dataset(session, request)
    request, starting_point = start_from(session, request)
    demand_quota(session, origin.key_id, request.epochs, quotas)
    job = Job(
        spec=request.training_spec(),
        epochs=request.epochs,
        event_count=1,
        name=request.name,
        tags=request.tags,
        user_metadata=request.metadata,
        priority=request.priority,
        **vars(origin),
        dataset_id=dataset_id,
        requested=request.given,
        init_from=request.init_from,
        starting_point=starting_point,
    )
    session.add(job)
    session.flush()
    session.add(JobEvent(job_id=job.id, number=1, kind="queued", attempt=0))
    keep_ticket(session, ticket, job.id)
    session.commit()
    return job


def dispatch_job(
    session: Session, queue: JobQueue, job_id: UUID, redelivery: timedelta
) -> bool:
    """Send a waiting job's message unless somebody did so lately.

    With the broker away the job stays due, and the reconciler sends it later.
    """
    due = now()
    where = [
        col(Job.id) == job_id,
        *waits(),
        col(Job.dispatch_at) <= due,
    ]
    taken = update_job(session, where, {"dispatch_at": due + redelivery})
    session.commit()
    if not taken:
        return False
    try:
        queue.enqueue(job_id)
        logger.info("job %s is announced", job_id)
    except QueueUnavailable as error:
        logger.warning("job %s waits for the queue: %s", job_id, error)
        update_job(session, [col(Job.id) == job_id], {"dispatch_at": due})
        session.commit()
        return False
    return True


def find_undelivered(session: Session) -> list[UUID]:
    """Ids of waiting jobs whose message is due, the longest due first."""
    statement = (
        select(Job.id)
        .where(*waits(), col(Job.dispatch_at) <= now())
        .order_by(col(Job.dispatch_at))
        .limit(DISPATCHED_AT_ONCE)
    )
    return list(session.exec(statement))


def count_queued(session: Session) -> int:
    statement = select(func.count()).where(*waits())
    return session.exec(statement).one()
