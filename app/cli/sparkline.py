"""A curve in one line of a terminal."""

from collections.abc import Sequence
from itertools import pairwise

TICKS = "▁▂▃▄▅▆▇█"
GAP = " "


def sparkline(values: Sequence[float | None], width: int) -> str:
    """Draw values from left to right; what was not finite leaves a gap."""
    columns = [mean(part) for part in parts_of(values, width)]
    known = [value for value in columns if value is not None]
    if not known:
        return GAP * len(columns)
    low, span = min(known), max(known) - min(known)
    return "".join(tick(value, low, span) for value in columns)


def parts_of(
    values: Sequence[float | None], width: int
) -> list[Sequence[float | None]]:
    """Divide values among at most so many columns, as evenly as can be."""
    columns = max(1, min(width, len(values)))
    edges = [len(values) * column // columns for column in range(columns + 1)]
    return [values[start:end] for start, end in pairwise(edges) if start < end]


def mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def tick(value: float | None, low: float, span: float) -> str:
    if value is None:
        return GAP
    if span == 0:
        return TICKS[0]
    return TICKS[round((value - low) / span * (len(TICKS) - 1))]
