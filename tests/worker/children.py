"""Supervisors with real children, and tests that meddle with them."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import psutil
from sqlalchemy import Engine

from app.states import JobStatus
from tests.factories import read_job
from worker.supervisor import Supervisor

MakeSupervisor = Callable[..., Supervisor]


def training_children() -> list[psutil.Process]:
    """Return this process's training children, the eldest first."""
    children = [
        child
        for child in psutil.Process().children()
        if "worker.runner" in words(child)
    ]
    return sorted(children, key=lambda child: (child.create_time(), child.pid))


def words(child: psutil.Process) -> list[str]:
    """Return a child's command line; in the middle of its exec it has none yet."""
    while child.status() != psutil.STATUS_ZOMBIE:
        if found := child.cmdline():
            return found
    return []


def wait_for_death(process: psutil.Process) -> None:
    """Wait without reaping, which is its parent's to do."""
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)


@dataclass
class Meddler:
    """A supervisor's `stop` that looks at each poll and once does something.

    It says no until then; what it does may say yes. The first look is before the job
    is claimed; from then on the eldest child has the job.
    """

    ripe: Callable[[], bool]
    action: Callable[[psutil.Process], bool]
    worker: psutil.Process | None = None
    is_done: bool = field(default=False)
    looks: int = field(default=0)

    def __call__(self) -> bool:
        self.looks += 1
        children = training_children()
        if self.is_done or self.looks == 1 or not children or not self.ripe():
            return False
        self.is_done, self.worker = True, children[0]
        return self.action(children[0])


def at_once() -> bool:
    return True


def once_training(engine: Engine, job_id: UUID) -> Callable[[], bool]:
    return lambda: read_job(engine, job_id).progress is not None


def kill(child: psutil.Process) -> bool:
    child.kill()
    return False


def deafen(child: psutil.Process) -> bool:
    """Stop the child where it is, so that only SIGKILL reaches it."""
    child.suspend()
    return False


@dataclass
class WatchfulDoorbell:
    """A Doorbell that notes each status and whether the job's child still is there."""

    engine: Engine
    seen: list[tuple[JobStatus, bool]] = field(default_factory=list)
    eldest: psutil.Process | None = None

    def ring(self, job_id: UUID) -> None:
        if self.eldest is None:
            self.eldest = training_children()[0]
        status = read_job(self.engine, job_id).status
        self.seen.append((status, psutil.pid_exists(self.eldest.pid)))
