"""The workers: whether they live, how their clocks go, and whether they see the GPU."""

import shutil
import socket
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, select

from app.database.engine import read_session
from app.doctor.finding import Finding, failure, ok, warning
from app.models import Worker, now
from app.settings import Settings

WORKERS, CLOCKS, GPU = "workers", "clocks", "gpu"
HEARTBEATS = 2.5  # how many to wait for, to see which workers go on
LARGEST_SKEW = timedelta(seconds=2)
NO_GPU = "cpu"

Pause = Callable[[float], None]


def examine_workers(
    engine: Engine, settings: Settings, pause: Pause = time.sleep
) -> Iterator[Finding]:
    """Look twice: whose heartbeat went on is alive, whatever its clock says."""
    before = heartbeats(engine)
    pause(HEARTBEATS * settings.heartbeat_seconds)
    alive = [
        worker
        for worker in read_workers(engine)
        if worker.heartbeat_at != before.get(worker.id)
    ]
    if not alive:
        yield failure(
            WORKERS,
            "No worker is alive, so no job will start.",
            "Start `modelmill worker` (or `modelmill serve`) with the same "
            "MODELMILL_DATABASE_URL and MODELMILL_REDIS_URL.",
        )
        return
    devices = ", ".join(sorted({f"{one.host} ({one.device})" for one in alive}))
    yield ok(WORKERS, f"{len(alive)} alive: {devices}.")
    yield from examine_clocks(alive, now(), settings)
    if shutil.which("nvidia-smi") is not None:
        yield examine_gpu(alive, socket.gethostname())


def read_workers(engine: Engine) -> list[Worker]:
    with read_session(engine) as session:
        return list_all(session)


def list_all(session: Session) -> list[Worker]:
    return list(session.exec(select(Worker)))


def heartbeats(engine: Engine) -> dict[str, datetime]:
    return {worker.id: worker.heartbeat_at for worker in read_workers(engine)}


def examine_clocks(
    alive: list[Worker], moment: datetime, settings: Settings
) -> Iterator[Finding]:
    """Hold the last heartbeats against this host's clock."""
    oldest = timedelta(seconds=settings.heartbeat_seconds) + LARGEST_SKEW
    wrong = {
        worker.host: (worker.heartbeat_at - moment).total_seconds()
        for worker in alive
        if not -oldest <= worker.heartbeat_at - moment <= LARGEST_SKEW
    }
    if not wrong:
        yield ok(CLOCKS, "The workers' clocks agree with this host's.")
    for host, seconds in wrong.items():
        yield warning(
            CLOCKS,
            f"The clock of {host} differs from this host's by {seconds:+.0f} s. Times "
            "in histories and estimates look odd; no job is lost by it.",
            "Let both hosts keep time by NTP.",
        )


def examine_gpu(alive: list[Worker], host: str) -> Finding:
    here = [worker for worker in alive if worker.host == host]
    if here and all(worker.device == NO_GPU for worker in here):
        return warning(
            GPU,
            "This host has an NVIDIA driver, but its workers train on the CPU.",
            "Unset MODELMILL_DEVICE, and install a CUDA build of torch (README, "
            '"Choosing a torch build").',
        )
    return ok(GPU, "An NVIDIA driver is here.")
