"""Every fault at random moments; MODELMILL_CHAOS_SEED repeats a run's choices."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.faults.scene import QUICK
from tests.live.faults.table import FAULTS, Fault
from tests.live.lanes import Lane, Played, played_side_by_side
from tests.live.rounds import Theatre
from tests.live.stage import Setting
from tests.live.told import to_property

pytestmark = [pytest.mark.live, pytest.mark.chaos]

SEED = int(os.environ.get("MODELMILL_CHAOS_SEED", "20260801"))
ALONE = [fault for fault in FAULTS if fault.setting is Setting.ALONE]
ELSEWHERE = [fault for fault in FAULTS if fault.setting is not Setting.ALONE]
# Each about half of the time: the other settings take a while to set up.
SHARES = ([*ALONE[::2], *ALONE[1:4:2]], [*ALONE[5::2], *ELSEWHERE])


def turns_of(faults: list[Fault]) -> Lane:
    """Faults take turns: a service must bear all kinds, one after the other."""
    return [
        (fault, 0)
        for setting in Setting
        for fault in faults
        if fault.setting is setting
    ]


PLAYED = [
    pytest.param(*turn, id=f"{turn[0].name}-{turn[1]}")
    for share in SHARES
    for turn in turns_of(share)
]


@pytest.fixture(scope="module")
def chaos(
    tmp_path_factory: pytest.TempPathFactory,
    real_mnist: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Played]:
    """Play what this run has selected."""
    selected = {
        (item.callspec.params["fault"], item.callspec.params["number"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == Path(__file__)
    }
    root = tmp_path_factory.mktemp("chaos")
    lanes = [
        [t for t in turns_of(share) if t in selected and t[0].missing() is None]
        for share in SHARES
    ]
    shows = [(Theatre(root, real_mnist, SEED, QUICK), lane) for lane in lanes]
    with played_side_by_side(shows) as played:
        yield played


@pytest.mark.parametrize(("fault", "number"), PLAYED)
def test_nothing_is_lost_doubled_or_changed_by(
    fault: Fault, number: int, chaos: Played, request: pytest.FixtureRequest
) -> None:
    missing = fault.missing()
    if missing is not None:
        pytest.skip(missing)

    played = chaos[(fault, number)].result()

    request.node.user_properties.append(to_property(played))
    assert not played.findings, f"seed {SEED}\n{played.report()}"
