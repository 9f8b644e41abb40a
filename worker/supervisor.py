"""Beside each training child: claim the job, keep its lease, settle what comes."""

import logging
import signal
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app import jobs
from app.database.engine import read_session, write_session
from app.events import Doorbell
from app.jobs import Claim, Ending, Lease
from app.logs import about_job
from app.models import now
from app.settings import Settings
from app.states import JobStatus, Outcome
from worker.child import Child, describe_exit, start_child
from worker.exits import OUTCOME_OF, ExitCode
from worker.logbook import Logbook
from worker.traces import Traces

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.1
# A spare's imports take a core for seconds: while no other job waits for it, they
# come after a short job, or when a long one will not feel them.
HEAD_START_SECONDS = 0.5


class Supervisor:
    """Runs one job after another for as long as its worker lives."""

    def __init__(
        self,
        engine: Engine,
        doorbell: Doorbell,
        settings: Settings,
        worker_id: str,
        stop: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._doorbell = doorbell
        self._settings = settings
        self._lease = Lease(worker_id, timedelta(seconds=settings.lease_seconds))
        self._stop = stop
        self._traces = Traces(engine, settings)
        self._spare: Child | None = start_child()

    def run_next(self) -> None:
        """Claim the job whose turn it is and see it through; there may be none."""
        if self._stop():
            return
        with write_session(self._engine) as session:
            claim = jobs.claim_next(
                session, self._lease, self._settings.quota_running_jobs
            )
        if claim is None:
            logger.info("no job waits")
            return
        with about_job(claim.job_id):
            self._see_through(claim)

    def _see_through(self, claim: Claim) -> None:
        logger.info("attempt %d of job %s", claim.attempt, claim.job_id)
        self._doorbell.ring(claim.job_id)
        began_at = now()
        child = self._take_spare(claim)
        logbook = Logbook(self._engine, claim, child.output)
        try:
            self._watch(child, claim)
        finally:
            exit_status = child.end()
            self._have_spare()
            ending = self._ending(exit_status, logbook.close())
            self._settle(claim, ending)
        self._traces.tell(claim, began_at, ending.outcome)

    def close(self) -> None:
        self._traces.close()
        if self._spare is not None:
            self._spare.discard()

    def _take_spare(self, claim: Claim) -> Child:
        child, self._spare = self._have_spare(), None
        if not child.is_alive():
            child.discard()
            child = start_child()
        child.begin(claim)
        return child

    def _have_spare(self) -> Child:
        if self._spare is None:
            self._spare = start_child()
        return self._spare

    def _replace_spare(self, job_seconds: float) -> None:
        if self._spare is not None or job_seconds < HEAD_START_SECONDS:
            return
        if job_seconds > self._settings.spare_seconds or self._do_jobs_wait():
            self._have_spare()

    def _do_jobs_wait(self) -> bool:
        try:
            with read_session(self._engine) as session:
                return jobs.count_queued(session) > 0
        except SQLAlchemyError:
            return False

    def _watch(self, child: Child, claim: Claim) -> None:
        """Renew the lease while the child lives; return once it ended or must."""
        began_at = renewed_at = asked_at = time.monotonic()
        told_at: float | None = None
        while not child.has_ended_within(POLL_SECONDS):
            passed = time.monotonic()
            self._replace_spare(passed - began_at)
            if told_at is None and self._must_stop(claim):
                child.ask_to_stop()
                told_at = passed
            if told_at is not None and passed - told_at > self._settings.stop_seconds:
                return
            if passed - asked_at >= self._settings.heartbeat_seconds:
                asked_at = passed
                renewed = self._renew(claim)
                if renewed is False:
                    return
                renewed_at = passed if renewed else renewed_at
            if passed - renewed_at > self._settings.lease_seconds:
                return

    def _must_stop(self, claim: Claim) -> bool:
        """Say whether the worker stops, or a client wants the job to."""
        if self._stop():
            return True
        try:
            with read_session(self._engine) as session:
                status = jobs.read_status(session, claim.job_id)
        except SQLAlchemyError:
            return False
        return status is not JobStatus.RUNNING

    def _renew(self, claim: Claim) -> bool | None:
        """Renew the lease: True, refused: False, the database is away: None."""
        try:
            with write_session(self._engine) as session:
                return jobs.renew_lease(session, claim, self._lease.duration)
        except SQLAlchemyError:
            logger.exception("could not renew the lease of job %s", claim.job_id)
            return None

    def _settle(self, claim: Claim, ending: Ending) -> None:
        """Say what became of the attempt; without a database the lease will tell."""
        with write_session(self._engine) as session:
            status = jobs.settle_job(session, claim, ending)
        logger.info("job %s: %s, now %s", claim.job_id, ending.reason, status)
        self._doorbell.ring(claim.job_id)

    def _ending(self, exit_status: int, last_lines: tuple[str, ...]) -> Ending:
        most = self._settings.max_attempts
        if exit_status == -signal.SIGTERM:  # told to stop before it could listen
            return Ending(Outcome.RELEASED, Outcome.RELEASED, most)
        if exit_status not in set(ExitCode):
            reason = describe_exit(exit_status)
            return Ending(Outcome.LOST, reason, most, last_lines)
        outcome = OUTCOME_OF[ExitCode(exit_status)]
        return Ending(outcome, outcome, most)
