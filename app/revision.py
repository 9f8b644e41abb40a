"""Which code runs: the package's version, and the commit where there is a checkout."""

import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
SECONDS = 10.0


@dataclass(frozen=True)
class Revision:
    """A release, and its commit if known; one with changes ends in `-dirty`."""

    version: str
    commit: str | None


@cache
def running_revision() -> Revision:
    return Revision(version("modelmill"), commit_of(CHECKOUT))


def commit_of(checkout: Path) -> str | None:
    """Ask git, unless there is none, or no checkout of its own here."""
    if not (checkout / ".git").exists():
        return None
    command = ["git", "describe", "--always", "--dirty", "--exclude=*", "--abbrev=40"]
    try:
        found = subprocess.run(
            command,
            cwd=checkout,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip() or None
