"""Beside each training child: claim the job, keep its lease, reap what is left."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app import jobs
from app.database.engine import read_session, write_session
from app.events import Doorbell
from app.jobs import Claim, LostLease
from app.settings import Settings
from worker.exits import ExitCode

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.1
LEAVING_SECONDS = 3.0


@dataclass(frozen=True)
class Supervisor:
    """Runs one job after another for as long as its worker lives."""

    engine: Engine
    doorbell: Doorbell
    settings: Settings
    worker_id: str
    stop: Callable[[], bool]

    def run_job(self, job_id: UUID) -> None:
        """Claim the job and see its child to the end; a stale message is no job."""
        lease = timedelta(seconds=self.settings.lease_seconds)
        with write_session(self.engine) as session:
            claim = jobs.claim_job(session, job_id, self.worker_id, lease)
        if claim is None:
            logger.info("job %s is not there to be taken", job_id)
            return
        logger.info("attempt %d of job %s", claim.attempt, job_id)
        self.doorbell.ring(job_id)
        child = start_child(claim)
        try:
            self.watch(child, claim)
        finally:
            self.reap(end_child(child), claim)

    def watch(self, child: subprocess.Popen[bytes], claim: Claim) -> None:
        """Renew the lease while the child lives; return once it ended or must."""
        renewed_at = asked_at = time.monotonic()
        told_at: float | None = None
        while child.poll() is None:
            time.sleep(POLL_SECONDS)
            passed = time.monotonic()
            if self.stop() and told_at is None:
                child.terminate()
                told_at = passed
            if told_at is not None and passed - told_at > self.settings.stop_seconds:
                return
            if passed - asked_at >= self.settings.heartbeat_seconds:
                asked_at = passed
                renewed = self.renew(claim)
                if renewed is False:
                    return
                renewed_at = passed if renewed else renewed_at
            if passed - renewed_at > self.settings.lease_seconds:
                return

    def renew(self, claim: Claim) -> bool | None:
        """Renew the lease: True, refused: False, the database is away: None."""
        lease = timedelta(seconds=self.settings.lease_seconds)
        try:
            with write_session(self.engine) as session:
                return jobs.renew_lease(session, claim, lease)
        except SQLAlchemyError:
            logger.exception("could not renew the lease of job %s", claim.job_id)
            return None

    def reap(self, exit_status: int, claim: Claim) -> None:
        """Put the job back if its child ended without saying how."""
        if exit_status in set(ExitCode):
            logger.info("job %s: child %s", claim.job_id, ExitCode(exit_status).name)
            return
        with read_session(self.engine) as session:
            crashes = jobs.get_job(session, claim.job_id).crashes
        reason = describe_exit(exit_status)
        with write_session(self.engine) as session:
            status = jobs.put_back(
                session, LostLease(claim, crashes), self.settings.max_attempts, reason
            )
        logger.warning("job %s: child %s, now %s", claim.job_id, reason, status)
        self.doorbell.ring(claim.job_id)


def start_child(claim: Claim) -> subprocess.Popen[bytes]:
    """Start the training child in a session of its own, out of the terminal's reach."""
    arguments = [str(claim.job_id), str(claim.attempt), str(os.getpid())]
    return subprocess.Popen(
        [sys.executable, "-m", "worker.runner", *arguments],
        # Waiting threads must sleep: spinning ones starve every neighbour.
        env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"},
        start_new_session=True,
    )


def end_child(child: subprocess.Popen[bytes]) -> int:
    """Return the exit status, by force if the child does not end by itself.

    A child that has just finished its job still needs a moment to leave.
    """
    try:
        return child.wait(LEAVING_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def describe_exit(exit_status: int) -> str:
    if exit_status < 0:
        return f"killed by signal {-exit_status}"
    return f"exit status {exit_status}"
