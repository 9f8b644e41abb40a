"""Where jobs are handed in: by whom, and whom to tell."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlmodel import Session

from app.api.deps import Asker, AskerDep, Services, ServicesDep, WriteSession
from app.api.tickets import TicketDep
from app.jobs import (
    Origin,
    demand_checkpoint,
    find_job,
    submit_job,
    submit_reproduction,
)
from app.models import Job
from app.quotas import Quotas
from app.spec import JobRequest
from app.tickets import Ticket, once
from app.tracing.context import current_traceparent


@dataclass(frozen=True)
class Desk:
    """Stores what a client wants done to jobs, and tells who has to know."""

    services: Services
    session: Session
    asker: Asker
    ticket: Ticket | None = None

    def submit(self, request: JobRequest, retried_from: UUID | None = None) -> Job:
        """Store a job and tell a worker.

        Raises:
            StorageFull, QuotaExceeded: There is no room for another one.
            IdempotencyKeyReused: The same key came with another request before.
        """
        origin = replace(self._origin(), retried_from=retried_from)
        self._demand_start(request)
        return self._once(partial(submit_job, self.session, request, origin))

    def reproduce(self, job_id: UUID) -> Job:
        """Run a job's lineage again.

        Raises:
            JobNotFound, WrongStatus: There is nothing to reproduce.
            StorageFull, QuotaExceeded: There is no room for another one.
            IdempotencyKeyReused: The same key came with another request before.
        """
        origin = self._origin()
        return self._once(partial(submit_reproduction, self.session, job_id, origin))

    def _once(self, store: Callable[[Ticket | None, Quotas], Job]) -> Job:
        """Return the job that the ticket has made already, or a new one."""

        def make() -> Job:
            self.services.demand_room()
            job = store(self.ticket, self.services.quotas)
            self.services.announce(self.session, job.id)
            return job

        return once(
            self.session,
            self.ticket,
            lambda job_id: find_job(self.session, UUID(job_id)),
            make,
        )

    def _origin(self) -> Origin:
        return Origin(key_id=self.asker.key_id, traceparent=current_traceparent())

    def _demand_start(self, request: JobRequest) -> None:
        only = self.asker.sees_only
        if request.init_from is not None and only is not None:
            demand_checkpoint(self.session, request.init_from, "init_from", only)
            self.session.rollback()


async def get_desk(
    services: ServicesDep, session: WriteSession, asker: AskerDep
) -> Desk:
    return Desk(services, session, asker)


DeskDep = Annotated[Desk, Depends(get_desk)]


async def get_submitting_desk(desk: DeskDep, ticket: TicketDep) -> Desk:
    """Return a desk that makes one job of a request that is sent twice."""
    return replace(desk, ticket=ticket)


SubmittingDesk = Annotated[Desk, Depends(get_submitting_desk)]
