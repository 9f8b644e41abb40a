"""What the rounds of a run came to, fault by fault."""

from collections.abc import Iterable
from statistics import median

from tests.live.audit import Kind
from tests.live.rounds import Round

HEADER = (
    "fault",
    "rounds",
    *(f"{kind}s" for kind in (Kind.LOST_JOB, Kind.DOUBLE_EPOCH)),
    Kind.MISMATCHED_WEIGHTS,
    "other harm",
    "median s",
    "worst s",
)


def table_of(rounds: Iterable[Round]) -> list[str]:
    """Return the lines of a table with a row for each fault, in order of first play."""
    by_fault: dict[str, list[Round]] = {}
    for played in rounds:
        by_fault.setdefault(played.fault, []).append(played)
    rows = [HEADER, *(row_of(fault, played) for fault, played in by_fault.items())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def row_of(fault: str, played: list[Round]) -> tuple[str, ...]:
    counts = [str(count_of(kind, played)) for kind in Kind]
    times = recoveries(played)
    shown = [f"{median(times):.1f}", f"{max(times):.1f}"] if times else ["-", "-"]
    return (fault, str(len(played)), *counts, *shown)


def count_of(kind: Kind, played: Iterable[Round]) -> int:
    return sum(finding.kind is kind for one in played for finding in one.findings)


def recoveries(played: Iterable[Round]) -> list[float]:
    return [one.recovery_seconds for one in played if one.recovery_seconds is not None]
