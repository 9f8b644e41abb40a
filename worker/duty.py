"""What a worker does besides its jobs: show that it lives, and put right what died."""

import logging
import shutil
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Thread

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app import jobs
from app.database.engine import write_session
from app.models import Worker
from app.reconciler import Reconciler
from app.settings import Settings
from worker.supervisor import Supervisor

logger = logging.getLogger(__name__)

QUERY = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
MEMORY = "--query-gpu=memory.used,memory.total"
MEBIBYTE = 1024 * 1024
# The driver's tool takes tens of milliseconds.
HEARTBEATS_PER_QUERY = 5


@dataclass
class Duty:
    """The supervisor of a worker process, and the threads beside it."""

    engine: Engine
    settings: Settings
    supervisor: Supervisor
    reconciler: Reconciler
    _stop: Event = field(default_factory=Event)
    _background: ExitStack = field(default_factory=ExitStack)

    def begin(self, worker_id: str, host: str, pid: int, device: str) -> None:
        row = {"id": worker_id, "host": host, "pid": pid, "device": device}
        self._background.enter_context(self.reconciler.running())
        Thread(target=self._show, args=(row,), daemon=True).start()

    def end(self) -> None:
        self._stop.set()
        self._background.close()
        self.supervisor.close()

    def _show(self, row: dict[str, object]) -> None:
        """Write the heartbeat that GET /workers shows, until the duty ends."""
        worker = Worker.model_validate(row)
        for beat in count():
            if worker.device != "cpu" and beat % HEARTBEATS_PER_QUERY == 0:
                worker.gpu_memory_used, worker.gpu_memory_total = gpu_memory()
            try:
                with write_session(self.engine) as session:
                    jobs.show_worker(session, worker)
            except SQLAlchemyError:
                logger.exception("could not write the worker's heartbeat")
            if self._stop.wait(self.settings.heartbeat_seconds):
                return


def device_name() -> str:
    """Return the GPU's name, or cpu; asks the driver's tool, so no torch is needed."""
    return ask_driver(QUERY) or "cpu"


def gpu_memory() -> tuple[int, int] | tuple[None, None]:
    """Return the bytes that the first GPU has in use, by anybody, and in all."""
    answer = ask_driver([QUERY[0], MEMORY, "--format=csv,noheader,nounits"])
    try:
        used, total = (int(number) * MEBIBYTE for number in answer.split(","))
    except ValueError:  # no answer, or a GPU that does not tell
        return None, None
    return used, total


def ask_driver(query: list[str]) -> str:
    """Return the tool's line on the first GPU; empty where there is none."""
    if shutil.which(query[0]) is None:
        return ""
    answer = subprocess.run(query, capture_output=True, text=True, check=False)
    lines = answer.stdout.strip().splitlines()
    return lines[0] if answer.returncode == 0 and lines else ""
