"""What a route may ask for, each as one annotated type."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request
from sqlalchemy import Engine
from sqlmodel import Session

from app.api.choices import Choices
from app.api.turns import Turns
from app.database.disk import free_bytes
from app.database.engine import read_session, write_session
from app.errors import JobNotFound, StorageFull
from app.events import Doorbell
from app.intake import Validator
from app.jobs import dispatch_job, get_job, kept_bytes
from app.keys.check import KeyCheck
from app.models import Job
from app.queue import JobQueue
from app.quotas import Quotas
from app.rates.limiter import RateLimiter
from app.settings import MEBIBYTE, Settings
from app.vision.predictor import Predictor


@dataclass(frozen=True)
class Services:
    """What the api process holds for as long as it lives."""

    settings: Settings
    engine: Engine
    queue: JobQueue
    doorbell: Doorbell
    predictor: Predictor
    choices: Choices
    keys: KeyCheck
    validator: Validator
    limiter: RateLimiter
    uploads: Turns
    decoding: Turns
    bulk_bell: Event = field(default_factory=Event)

    @property
    def worker_freshness(self) -> timedelta:
        """How lately a worker must have shown itself to count as alive."""
        return timedelta(seconds=self.settings.lease_seconds)

    @property
    def quotas(self) -> Quotas:
        """What a key may have unless its own row says otherwise."""
        return Quotas.of_settings(self.settings)

    def announce(self, session: Session, job_id: UUID) -> None:
        """Tell a worker that a job waits, if it does, and everybody of its change."""
        redelivery = timedelta(seconds=self.settings.redelivery_seconds)
        dispatch_job(session, self.queue, job_id, redelivery)
        self.doorbell.ring(job_id)

    def demand_room(self) -> None:
        """Raise StorageFull while disk or budget have no room for another job."""
        self._demand_budget()
        free, needed = free_bytes(self.settings.data_dir), self.settings.min_free_bytes
        if free < needed:
            raise StorageFull(
                f"{free // MEBIBYTE} MiB are free and {needed // MEBIBYTE} MiB are "
                "needed for another job; delete jobs that are not needed."
            )

    def _demand_budget(self) -> None:
        budget = self.settings.checkpoint_budget_bytes
        if budget is None:
            return
        with read_session(self.engine) as session:
            kept = kept_bytes(session)
        if kept > budget:
            raise StorageFull(
                f"The best checkpoints of finished jobs and all of the others take "
                f"{kept // MEBIBYTE} MiB of {budget // MEBIBYTE} MiB in the budget; "
                "delete jobs that are not needed."
            )


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def get_services(request: Request) -> Services:
    """Return the services; not `def`, which would take every request to a thread."""
    return services_of(request)


ServicesDep = Annotated[Services, Depends(get_services)]


@dataclass(frozen=True)
class Asker:
    """Whose key a request has, and whether it sees that key's jobs only."""

    key_id: str | None
    sees_only: str | None

    def sees(self, job: Job) -> bool:
        return self.sees_only is None or job.key_id == self.sees_only


def asker_of(request: Request) -> Asker:
    """Return what app.api.guard has found; nobody where no key is asked for."""
    asker: Asker = request.scope["state"].get("asker", NOBODY)
    return asker


async def get_asker(request: Request) -> Asker:
    return asker_of(request)


NOBODY = Asker(None, None)
AskerDep = Annotated[Asker, Depends(get_asker)]


def open_read_session(services: ServicesDep) -> Iterator[Session]:
    with read_session(services.engine) as session:
        yield session


def open_write_session(services: ServicesDep) -> Iterator[Session]:
    with write_session(services.engine) as session:
        yield session


# Scope "function": the session ends before the answer is sent, so that a slow
# client never holds a transaction open.
ReadSession = Annotated[Session, Depends(open_read_session, scope="function")]
WriteSession = Annotated[Session, Depends(open_write_session, scope="function")]

JobId = Annotated[UUID, Path(description="The job's id, as POST /jobs gave it.")]


def get_requested_job(job_id: JobId, session: ReadSession) -> Job:
    return get_job(session, job_id)


def get_seen_job(session: Session, asker: Asker, job_id: UUID) -> Job:
    """Return a job that the path does not name, so that the door did not check it.

    Raises:
        JobNotFound: There is none, or this key does not see it.
    """
    job = get_job(session, job_id)
    if not asker.sees(job):
        raise JobNotFound
    return job


JobDep = Annotated[Job, Depends(get_requested_job, scope="function")]
