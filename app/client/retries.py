"""How often, and how soon, a request is sent again."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Retries:
    """Exponential back-off with jitter, so that clients do not come in step."""

    most: int = 4
    first_seconds: float = 0.25
    longest_seconds: float = 8.0
    sleep: Callable[[float], None] = time.sleep

    def pauses(self) -> Iterator[float]:
        """Yield how long to wait before each further attempt, without end."""
        seconds = self.first_seconds
        while True:
            yield seconds * random.uniform(0.75, 1.0)
            seconds = min(2 * seconds, self.longest_seconds)


def read_retry_after(header: str | None) -> float:
    """Read `Retry-After`, in seconds or as a date; 0 if it is neither."""
    if header is None or header.isdigit():
        return float(header or 0)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    zone = moment.tzinfo or UTC
    seconds = (moment.replace(tzinfo=zone) - datetime.now(UTC)).total_seconds()
    return max(0.0, seconds)
