"""What one api process notices of itself: requests counted, logged, and published."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

from sqlalchemy.exc import SQLAlchemyError

from app.api.access import AccessLog, Answered, write_to_stderr
from app.api.deps import Services
from app.database.engine import read_session
from app.jobs import Gauges, read_gauges
from app.metrics.requests import RequestCounts, RequestKind
from app.metrics.snapshots import PredictorCounts, Snapshot, Snapshots
from app.settings import Settings
from app.vision.predictor import Predictor

PUBLISH_SECONDS = 1.0
GAUGES_SECONDS = 1.0


@dataclass
class Watcher:
    """Counts on the event loop; whoever wants the numbers asks from a thread."""

    access_log: AccessLog
    snapshots: Snapshots
    counts: RequestCounts = field(default_factory=RequestCounts)
    _lock: Lock = field(default_factory=Lock)
    _gauges: Gauges | None = None
    _read_at: float = 0.0

    def notice(self, answered: Answered) -> None:
        kind = RequestKind(
            answered.method, answered.route, f"{answered.status // 100}xx"
        )
        self.counts.add(kind, answered.seconds)
        self.access_log.add(answered)

    def total(self, predictor: Predictor) -> Snapshot:
        """Return what all processes of the data directory have counted."""
        return self.snapshots.total(self._mine(predictor))

    def gauges(self, services: Services) -> Gauges | None:
        """Read the database, at most once a second; None if it is away."""
        with self._lock:
            moment = time.monotonic()
            if self._gauges is None or moment - self._read_at >= GAUGES_SECONDS:
                self._gauges = read_or_none(services)
                self._read_at = moment
            return self._gauges

    @contextmanager
    def publishing(self, predictor: Predictor) -> Iterator[None]:
        """Show this process's numbers to the others for as long as the block lasts."""
        stop = Event()

        def publish() -> None:
            while not stop.wait(PUBLISH_SECONDS):
                self.snapshots.publish(self._mine(predictor))

        thread = Thread(target=publish, name="metrics", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            self.access_log.flush()
            self.snapshots.publish(self._mine(predictor))
            self.snapshots.close()

    def _mine(self, predictor: Predictor) -> Snapshot:
        kept = PredictorCounts(
            predictor.kept_count, predictor.kept_bytes, predictor.hits, predictor.misses
        )
        return Snapshot(dict(self.counts.rows), kept)


def make_watcher(settings: Settings) -> Watcher:
    access_log = AccessLog(settings.log_format, settings.log_level, write_to_stderr)
    return Watcher(access_log, Snapshots(settings.data_dir / "metrics"))


def read_or_none(services: Services) -> Gauges | None:
    try:
        with read_session(services.engine) as session:
            return read_gauges(session, services.worker_freshness)
    except SQLAlchemyError:
        return None
