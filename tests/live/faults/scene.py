"""What a fault is given: a running service, a job, a seeded choice of the moment."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Any

from tests.live.history import read_events, when
from tests.live.service import LiveService

SPEC: dict[str, Any] = {
    "epochs": 3,
    "batch_size": 32,
    "validation_size": 128,
    "seed": 11,
}
BEFORE_START = 0.2  # share of the moments that do not wait for progress
SIGNS = frozenset({"running", "epoch", "succeeded", "failed"})


@dataclass(frozen=True)
class Pace:
    """How long and how often: CI is quick, `make chaos` thorough."""

    broker_away_seconds: float
    lock_seconds: float
    racers: int


QUICK = Pace(broker_away_seconds=3, lock_seconds=4, racers=2)
# Six rounds of three races: 216 jobs that end while somebody wants something else.
THOROUGH = Pace(broker_away_seconds=30, lock_seconds=20, racers=12)


@dataclass(frozen=True)
class Scene:
    """A service, a job that was just submitted to it, and a source of moments."""

    service: LiveService
    job_id: str
    random: Random
    pace: Pace

    def wait_for_moment(self, latest: float = 1.0) -> None:
        """Wait until a random moment of the job's life, from submit to its end."""
        if self.random.random() >= BEFORE_START:
            self.wait_for_progress(self.random.uniform(0, latest))
        self.pause(0.3)

    def pause(self, most_seconds: float) -> None:
        """Let a random while pass: faults come at moments, not at conditions."""
        time.sleep(self.random.uniform(0, most_seconds))

    def wait_for_progress(self, fraction: float) -> None:
        def is_there(job: dict[str, Any]) -> bool:
            done = job["progress"]["fraction"] if job["progress"] else 0.0
            return bool(job["is_terminal"] or done >= fraction)

        self.service.wait_for(self.job_id, is_there)

    def recovery(self, struck_at: datetime) -> float | None:
        """Seconds from the fault to the first sign of a new attempt or new progress.

        None if the job had nothing more to do.
        """
        self.service.wait_for_end(self.job_id)
        signs = [
            (when(event) - struck_at).total_seconds()
            for event in read_events(self.service, self.job_id)
            if event["kind"] in SIGNS and when(event) > struck_at
        ]
        return signs[0] if signs else None

    def of(self, job_id: str) -> "Scene":
        """The same scene around another job."""
        return replace(self, job_id=job_id)

    def submit(self, **changes: Any) -> str:
        """Submit another job of the same kind, by default of one epoch."""
        return self.service.submit(**{**SPEC, "epochs": 1, **changes})


Act = Callable[[Scene], float | None]


def now() -> datetime:
    return datetime.now(UTC)
