"""What a child says, line by line, from its pipe into the job's log."""

import json
import logging
import time
from collections import deque
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app import jobs
from app.database.engine import write_session
from app.jobs import Claim
from app.logs import about_job
from app.models import JobLog

logger = logging.getLogger(__name__)
# The worker's own log has the child's lines too, under this name.
said = logging.getLogger("worker.child.said")
LEVELS = logging.getLevelNamesMapping()

FLUSH_SECONDS = 0.5
LAST_LINES = 15
LONGEST_LINE = 4000


class Logbook:
    """Reads a child's output until it closes, and stores it in small batches."""

    def __init__(self, engine: Engine, claim: Claim, stream: IO[bytes]) -> None:
        self._engine = engine
        self._claim = claim
        self._stream = stream
        self._lines: SimpleQueue[JobLog | None] = SimpleQueue()
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self._threads = [
            Thread(target=self._read, daemon=True),
            Thread(target=self._store, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> tuple[str, ...]:
        """Wait for the end of the output, which the child's death brings."""
        for thread in self._threads:
            thread.join()
        return tuple(self._last)

    def _read(self) -> None:
        with self._stream, about_job(self._claim.job_id):
            for line in self._stream:
                entry = parse_line(self._claim, line.decode(errors="replace").rstrip())
                said.log(LEVELS.get(entry.level.upper(), logging.INFO), entry.message)
                self._last.append(entry.message)
                self._lines.put(entry)
        self._lines.put(None)

    def _store(self) -> None:
        is_open = True
        while is_open:
            first = self._lines.get()
            batch = [first, *(self._waiting() if first is not None else [])]
            is_open = None not in batch
            self._write([line for line in batch if line is not None])

    def _waiting(self) -> list[JobLog | None]:
        """Gather what comes within a moment, so that a burst is one transaction."""
        gathered: list[JobLog | None] = []
        deadline = time.monotonic() + FLUSH_SECONDS
        with suppress(Empty):
            while None not in gathered:
                left = max(deadline - time.monotonic(), 0)
                gathered.append(self._lines.get(timeout=left))
        return gathered

    def _write(self, lines: list[JobLog]) -> None:
        if not lines:
            return
        try:
            with write_session(self._engine) as session:
                jobs.add_log_lines(session, self._claim, lines)
        except SQLAlchemyError:
            logger.exception("lost %d log lines of %s", len(lines), self._claim)


def parse_line(claim: Claim, line: str) -> JobLog:
    """Return a log row for a line of ours, or of whatever else wrote to the pipe."""
    level, message = "output", line
    with suppress(ValueError, TypeError, KeyError):
        entry = json.loads(line)
        level, message = str(entry["level"]), str(entry["message"])
    return JobLog(
        job_id=claim.job_id,
        attempt=claim.attempt,
        level=level[:16],
        message=message[:LONGEST_LINE],
    )
