"""Every fault at random moments; MODELMILL_CHAOS_SEED repeats a run's choices."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.faults.scene import QUICK
from tests.live.faults.table import FAULTS, Fault
from tests.live.rounds import PLAYED_ROUNDS, Theatre, theatre
from tests.live.stage import Setting

pytestmark = [pytest.mark.live, pytest.mark.chaos]

SEED = int(os.environ.get("MODELMILL_CHAOS_SEED", "20260801"))
# Faults take turns: a service must bear all kinds, one after the other.
PLAYED = [
    pytest.param(fault, number, id=f"{fault.name}-{number}")
    for setting in Setting
    for number in range(max(fault.ci_rounds for fault in FAULTS))
    for fault in FAULTS
    if fault.setting is setting and number < fault.ci_rounds
]


@pytest.fixture(scope="module")
def chaos(
    tmp_path_factory: pytest.TempPathFactory, real_mnist: Path
) -> Iterator[Theatre]:
    root = tmp_path_factory.mktemp("chaos")
    with theatre(root, real_mnist, SEED, QUICK) as opened:
        yield opened


@pytest.mark.parametrize(("fault", "number"), PLAYED)
def test_nothing_is_lost_doubled_or_changed_by(
    fault: Fault, number: int, chaos: Theatre, request: pytest.FixtureRequest
) -> None:
    missing = fault.missing()
    if missing is not None:
        pytest.skip(missing)

    played = chaos.play(fault, number)

    request.config.stash.setdefault(PLAYED_ROUNDS, []).append(played)
    assert not played.findings, f"seed {SEED}\n{played.report()}"
