"""One thing that was looked at, how it is, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True)
class Finding:
    """A sentence about a part of the installation; the remedy is empty if it is ok."""

    part: str
    verdict: Verdict
    message: str
    remedy: str = ""


def ok(part: str, message: str) -> Finding:
    return Finding(part, Verdict.OK, message)


def warning(part: str, message: str, remedy: str) -> Finding:
    return Finding(part, Verdict.WARNING, message, remedy)


def failure(part: str, message: str, remedy: str) -> Finding:
    return Finding(part, Verdict.FAILURE, message, remedy)
