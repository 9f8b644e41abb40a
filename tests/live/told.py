"""What the chaos rounds came to, told at the end by the process that tells all tests.

Whichever process played a round hands it over with its test's report.
"""

from typing import Any

import pytest

from tests.live.audit import Finding, Kind
from tests.live.rounds import Round
from tests.live.tally import table_of

PROPERTY = "chaos round"


def to_property(played: Round) -> tuple[str, object]:
    """Return a round in the plain values that pass between processes."""
    findings = [(found.kind.value, found.words) for found in played.findings]
    return PROPERTY, (
        played.fault,
        played.number,
        played.recovery_seconds,
        findings,
    )


def from_property(value: Any) -> Round:
    fault, number, recovery_seconds, findings = value
    found = [Finding(Kind(kind), words) for kind, words in findings]
    return Round(fault, number, recovery_seconds, found)


class Teller:
    """Hears every report of the run, and shows the table after the last."""

    def __init__(self) -> None:
        self._rounds: list[Round] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self._rounds += [
                from_property(value)
                for name, value in report.user_properties
                if name == PROPERTY
            ]

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> None:
        """Show how long each fault took to be overcome."""
        if self._rounds:
            terminalreporter.section("chaos")
            terminalreporter.write("\n".join([*table_of(self._rounds), ""]))
