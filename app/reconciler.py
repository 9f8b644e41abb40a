"""Puts right what died: lost leases go back to the queue, lost messages are sent again.

Harmless in any number of processes, since each step is one conditional UPDATE.
"""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from threading import Event

from sqlalchemy import Engine

from app import jobs
from app.audit import forget_entries
from app.background import in_background
from app.database.disk import keep_reserve
from app.database.engine import read_session, write_session
from app.errors import QueueUnavailable
from app.events import Doorbell
from app.jobs import LEASE_EXPIRED, Ending, HeldLease
from app.lease_watch import LeaseWatch
from app.queue import JobQueue
from app.settings import Settings
from app.states import Outcome
from app.tickets import forget_tickets

logger = logging.getLogger(__name__)

TICKET_MEMORY = timedelta(days=1)
WORKER_MEMORY = timedelta(days=1)


class Reconciler:
    """The three things a pass needs, held together."""

    def __init__(
        self,
        engine: Engine,
        queue: JobQueue,
        doorbell: Doorbell,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._queue = queue
        self._doorbell = doorbell
        self._settings = settings
        self._audit_memory = timedelta(seconds=settings.audit_retention_seconds)
        self._leases: LeaseWatch[HeldLease] = LeaseWatch(settings.lease_seconds, clock)

    def reconcile(self) -> None:
        """Take one pass over the jobs."""
        self._settle_lost_jobs()
        self._send_lost_messages()
        with write_session(self._engine) as session:
            jobs.forget_workers(session, WORKER_MEMORY)
            forget_tickets(session, TICKET_MEMORY)
            forget_entries(session, self._audit_memory)
            jobs.reclaim_space(session)
        self._enforce_budget()
        if self._engine.dialect.name == "sqlite":
            keep_reserve(self._settings.data_dir)

    def run(self, stop: Event) -> None:
        """Take passes until told to stop; a database that is away is tried again."""
        while not stop.wait(self._settings.reconcile_seconds):
            try:
                self.reconcile()
            except Exception:  # whatever it was, the next pass must come
                logger.exception("a pass of the reconciler failed")

    def running(self) -> AbstractContextManager[None]:
        """Run in a thread of its own for as long as the block lasts."""
        stop = Event()
        return in_background("reconciler", partial(self.run, stop), stop.set)

    def _settle_lost_jobs(self) -> None:
        ending = Ending(Outcome.LOST, LEASE_EXPIRED, self._settings.max_attempts)
        with read_session(self._engine) as session:
            held = jobs.list_held_leases(session)
        for lease in self._leases.unrenewed(held):
            with write_session(self._engine) as session:
                status = jobs.settle_job(
                    session, lease.claim, ending, unrenewed=lease.expires_at
                )
            if status is not None:
                job_id = lease.claim.job_id
                logger.warning("job %s lost its worker: %s", job_id, status)
                self._doorbell.ring(job_id)

    def _send_lost_messages(self) -> None:
        with read_session(self._engine) as session:
            undelivered = jobs.find_undelivered(session)
            queued = jobs.count_queued(session)
        if not undelivered or self._messages_suffice(queued):
            return
        redelivery = timedelta(seconds=self._settings.redelivery_seconds)
        for job_id in undelivered:
            with write_session(self._engine) as session:
                if not jobs.dispatch_job(session, self._queue, job_id, redelivery):
                    return

    def _enforce_budget(self) -> None:
        budget = self._settings.checkpoint_budget_bytes
        if budget is None:
            return
        with write_session(self._engine) as session:
            freed = jobs.enforce_budget(session, budget)
        if freed:
            logger.info("freed %d checkpoints beyond the budget", len(freed))

    def _messages_suffice(self, queued: int) -> bool:
        """Say whether a message waits for each queued job, so that none need be sent.

        Without this, jobs that wait long behind a busy worker would fill the broker.
        """
        try:
            return self._queue.depth() >= queued
        except QueueUnavailable:
            return True
