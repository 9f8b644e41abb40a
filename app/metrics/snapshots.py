"""What every api process of a data directory has counted, by a file from each.

A process holds a place by a lock that its death gives up; whoever takes the place next
goes on from the numbers that lie there, so that no sum ever falls.
"""

import fcntl
import json
import logging
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from app.metrics.requests import ROW_LENGTH, RequestKind, Rows

logger = logging.getLogger(__name__)

MOST_PROCESSES = 256


@dataclass(frozen=True)
class PredictorCounts:
    """What a predictor keeps now, and how often it had what was asked for."""

    entries: int = 0
    size_bytes: int = 0
    hits: int = 0
    misses: int = 0


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one process, or of several together."""

    requests: Rows = field(default_factory=dict)
    predictor: PredictorCounts = field(default_factory=PredictorCounts)

    def as_json(self) -> str:
        rows = [[*kind, row] for kind, row in self.requests.items()]
        return json.dumps({"requests": rows, "predictor": vars(self.predictor)})

    def without_keepings(self) -> "Snapshot":
        """Return what stays true of a process that has ended: its counts."""
        predictor = PredictorCounts(
            hits=self.predictor.hits, misses=self.predictor.misses
        )
        return Snapshot(self.requests, predictor)

    def __add__(self, other: "Snapshot") -> "Snapshot":
        rows = {kind: list(row) for kind, row in self.requests.items()}
        for kind, row in other.requests.items():
            known = rows.get(kind, [0.0] * ROW_LENGTH)
            rows[kind] = [a + b for a, b in zip(known, row, strict=True)]
        ours, theirs = vars(self.predictor), vars(other.predictor)
        predictor = {name: number + theirs[name] for name, number in ours.items()}
        return Snapshot(rows, PredictorCounts(**predictor))


def read_snapshot(path: Path) -> Snapshot:
    """Read a file; one that is not there, or of another release, counts nothing."""
    try:
        found = json.loads(path.read_text())
        rows = {
            RequestKind(*map(str, kind)): [float(number) for number in row]
            for *kind, row in found["requests"]
            if len(row) == ROW_LENGTH
        }
        return Snapshot(rows, PredictorCounts(**found["predictor"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Snapshot()


class Snapshots:
    """The files of a directory, one of which is this process's own."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = Lock()
        self._held: int | None = None
        self._path: Path | None = None
        self._base = Snapshot()
        self._written = ""

    def publish(self, mine: Snapshot) -> None:
        """Write what this process has counted, if that has changed.

        Without a place to write to, the numbers are this process's alone.
        """
        with self._lock:
            try:
                if self._path is None:
                    self._path = self._take_place()
                text = (self._base + mine).as_json()
                if text == self._written:
                    return
                partial = self._path.with_suffix(".partial")
                partial.write_text(text)
                partial.replace(self._path)
                self._written = text
            except OSError as error:
                logger.debug("the metrics are not written: %s", error)

    def total(self, mine: Snapshot) -> Snapshot:
        """Publish, and return the sum over all processes."""
        self.publish(mine)
        if self._path is None:
            return mine
        total = self._base + mine
        for path in sorted(self._directory.glob("*.json")):
            if path == self._path:
                continue
            found = read_snapshot(path)
            lives = is_held(path.with_suffix(".lock"))
            total += found if lives else found.without_keepings()
        return total

    def close(self) -> None:
        """Give the place up; the numbers stay for whoever takes it next."""
        with self._lock:
            if self._held is not None:
                os.close(self._held)
            self._held = self._path = None
            self._written = ""

    def _take_place(self) -> Path:
        self._directory.mkdir(exist_ok=True)
        for number in range(MOST_PROCESSES):
            path = self._directory / f"{number}.json"
            lock = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_WRONLY, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                continue
            self._held = lock
            self._base = read_snapshot(path).without_keepings()
            return path
        raise OSError(f"every place in {self._directory} is taken")


def is_held(path: Path) -> bool:
    """Say whether a living process holds this lock."""
    with suppress(OSError), path.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
