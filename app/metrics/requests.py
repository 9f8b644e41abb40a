"""How many requests were answered, how, and how soon: two steps of a few hundred ns."""

from bisect import bisect_left
from typing import NamedTuple

# Upper bounds in seconds; the last bucket has none.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
ROW_LENGTH = len(BOUNDS) + 2  # a count for each bucket, then the sum of seconds


class RequestKind(NamedTuple):
    """What is told apart; the route is a template, so that there are few."""

    method: str
    route: str
    status: str


Rows = dict[RequestKind, list[float]]


class RequestCounts:
    """A row of numbers for each kind of request; one event loop adds to it."""

    def __init__(self) -> None:
        self.rows: Rows = {}

    def add(self, kind: RequestKind, seconds: float) -> None:
        row = self.rows.get(kind)
        if row is None:
            row = self.rows[kind] = [0.0] * ROW_LENGTH
        row[bisect_left(BOUNDS, seconds)] += 1
        row[-1] += seconds
