"""When a message that did not arrive is sent again: for three days, ever later."""

import random
from datetime import timedelta

MINUTE, HOUR = 60.0, 3600.0
PAUSES = (
    5.0,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
# So that what failed together, when a receiver was away, does not come back together.
JITTER = 0.2
LONGEST_SECONDS = 24 * HOUR


def pause_after(
    attempts: int, asked_seconds: float, chance: random.Random
) -> timedelta | None:
    """Return how long to wait after so many attempts; None: no more are made.

    A receiver that says when it may be asked again is not asked sooner.
    """
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1] * chance.uniform(1, 1 + JITTER)
    return timedelta(seconds=max(pause, min(asked_seconds, LONGEST_SECONDS)))
