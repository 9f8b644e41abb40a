"""Time that passes when a test says so."""

from dataclasses import dataclass


@dataclass
class Clock:
    """A monotonic clock that goes on when told."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds
