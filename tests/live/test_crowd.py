"""Three hundred clients at once get answers, and none that the document lacks."""

import asyncio
from pathlib import Path

import pytest

from benchmarks.crowd import FOLLOWERS, fill, visit
from tests.live.service import live_service

pytestmark = pytest.mark.live

SECONDS = 8.0
MOST_GROWTH = 0.15  # in a minute, of which `benchmarks.crowd` tells, it is a tenth


def test_followers_submitters_and_predictors_do_not_hold_each_other_up(
    data_dir: Path,
) -> None:
    with live_service(data_dir) as service:
        tally = asyncio.run(visit(service, fill(service), SECONDS))

    assert tally.faults == {}
    assert tally.answers["follow", "200"] == FOLLOWERS
    for kind, status in (("submit", "201"), ("cancel", "202"), ("predict", "200")):
        assert tally.answers[kind, status] > 0
    assert tally.events >= FOLLOWERS
    assert tally.growth < MOST_GROWTH
