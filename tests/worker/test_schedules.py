"""The learning rate follows the schedule, and torch's own where torch has one."""

import pytest
import torch
from torch import nn, optim
from torch.optim import lr_scheduler

from tests.factories import tiny_spec
from worker.schedules import learning_rate

STEPS = 5
EPOCHS = 4
TOTAL = STEPS * EPOCHS


def rates(schedule: dict[str, object]) -> list[float]:
    spec = tiny_spec(epochs=EPOCHS, learning_rate=0.5, schedule=schedule)
    return [learning_rate(spec, step, STEPS) for step in range(TOTAL)]


def rates_of(scheduler: lr_scheduler.LRScheduler) -> list[float]:
    """Return the rates that torch's scheduler gives, a step at a time."""
    found = []
    for _step in range(TOTAL):
        found.append(scheduler.get_last_lr()[0])
        scheduler.optimizer.step()
        scheduler.step()
    return [float(rate) for rate in found]


@pytest.fixture
def optimizer() -> optim.Optimizer:
    return optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.5)


def test_a_constant_rate_is_the_same_in_every_step() -> None:
    assert rates({"kind": "constant"}) == [0.5] * TOTAL


def test_a_warm_up_climbs_in_a_line_to_the_rate() -> None:
    climbing = rates({"kind": "constant", "warmup_epochs": 2.0})

    assert climbing[:10] == pytest.approx([0.05 * n for n in range(1, 11)])
    assert climbing[10:] == [0.5] * 10


def test_stairs_are_those_of_torch(optimizer: optim.Optimizer) -> None:
    stairs = rates({"kind": "step", "every_epochs": 2, "factor": 0.1})

    theirs = lr_scheduler.StepLR(optimizer, step_size=2 * STEPS, gamma=0.1)
    assert stairs == pytest.approx(rates_of(theirs))


def test_a_cosine_is_that_of_torch(optimizer: optim.Optimizer) -> None:
    cosine = rates({"kind": "cosine", "final_fraction": 0.1})

    theirs = lr_scheduler.CosineAnnealingLR(optimizer, T_max=TOTAL, eta_min=0.05)
    assert cosine == pytest.approx(rates_of(theirs))


def test_a_cosine_starts_to_fall_where_its_warm_up_ends() -> None:
    cosine = rates({"kind": "cosine", "warmup_epochs": 1.0})

    assert cosine[:STEPS] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert cosine[STEPS] == 0.5
    assert cosine[STEPS:] == sorted(cosine[STEPS:], reverse=True)


def test_one_cycle_is_that_of_torch(optimizer: optim.Optimizer) -> None:
    cycle = rates(
        {
            "kind": "one_cycle",
            "peak_at": 8 / 19,  # torch counts its climb in whole steps
            "start_fraction": 0.1,
            "final_fraction": 0.001,
        }
    )

    theirs = lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=0.5,
        total_steps=TOTAL,
        pct_start=9 / TOTAL,
        div_factor=10,
        final_div_factor=100,
        cycle_momentum=False,
    )
    assert cycle == pytest.approx(rates_of(theirs))


def test_one_cycle_ends_at_its_final_share_in_the_very_last_step() -> None:
    cycle = rates({"kind": "one_cycle", "final_fraction": 0.25})

    assert cycle[-1] == pytest.approx(0.125)
    assert max(cycle) == pytest.approx(0.5, rel=0.05)


def test_a_job_of_a_single_step_has_a_rate() -> None:
    spec = tiny_spec(epochs=1, schedule={"kind": "one_cycle"}, learning_rate=1.0)

    assert learning_rate(spec, 0, 1) == pytest.approx(0.04)
