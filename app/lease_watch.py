"""Leases timed by who looks at them (decision 6)."""

import time
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

Lease = TypeVar("Lease", bound=Hashable)


class LeaseWatch(Generic[Lease]):
    """Remembers since when each lease stands as it is, by this process's own clock.

    Every renewal has to make a lease another one. A wall clock is compared with
    nobody's: one that is wrong, or is set, would end everything that runs.
    """

    def __init__(
        self, patience_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._patience_seconds = patience_seconds
        self._clock = clock
        self._seen: dict[Lease, float] = {}

    def unrenewed(self, held: Iterable[Lease]) -> list[Lease]:
        """Return those of the leases held now that stood unrenewed for their time."""
        moment = self._clock()
        self._seen = {lease: self._seen.get(lease, moment) for lease in held}
        return [
            lease
            for lease, seen_at in self._seen.items()
            if moment - seen_at >= self._patience_seconds
        ]
