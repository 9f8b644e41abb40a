"""Thousands of machine-made requests get answers, and none that the document lacks."""

from pathlib import Path

import pytest

from benchmarks.probe import IDLE, SHORT, hold, probe, probed_service, stock

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

FEWEST_CASES = 2000


def test_schemathesis_finds_nothing_to_complain_of(
    tmp_path: Path, real_mnist: Path
) -> None:
    with probed_service(tmp_path, **IDLE) as service:
        stock(service)
        hold(service)
        report = probe(service, SHORT)

    assert report["failures"] == report["errors"] == []
    assert (report["exit_code"], report["stop_reason"]) == (0, "completed")
    assert report["test_cases"]["generated"] >= FEWEST_CASES
    assert report["operations"]["tested"] == report["operations"]["total"]
