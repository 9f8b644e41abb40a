"""The table at the end of a run, whichever process played the rounds."""

import json

import pytest

from tests.live.audit import Finding, Kind
from tests.live.rounds import Round
from tests.live.told import from_property, to_property

pytestmark = pytest.mark.live


@pytest.mark.parametrize(
    "played",
    [
        Round("kill_child", 2, 1.5, []),
        Round("race_stop", 0, None, [Finding(Kind.LOST_JOB, "It is gone.")]),
    ],
    ids=["sound", "harmed"],
)
def test_a_round_passes_from_process_to_process(played: Round) -> None:
    _name, value = json.loads(json.dumps(to_property(played)))

    assert from_property(value) == played
