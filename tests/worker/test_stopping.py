"""A job ends when nothing gets better, or when it is good enough."""

from dataclasses import asdict, dataclass

import pytest

from app.states import StopReason
from tests.factories import tiny_spec
from worker.stopping import Stopping


@dataclass(frozen=True)
class Epoch:
    val_loss: float
    val_accuracy: float = 0.5


def verdicts(epochs: list[Epoch], **values: object) -> list[StopReason | None]:
    """Return what is thought after each epoch."""
    spec, stopping = tiny_spec(**values), Stopping()
    found = []
    for epoch in epochs:
        stopping.judge(spec, epoch)
        found.append(stopping.reason)
    return found


def losses(*values: float) -> list[Epoch]:
    return [Epoch(value) for value in values]


def test_nobody_stops_a_job_that_did_not_ask() -> None:
    assert verdicts(losses(1, 2, 3, 4, 5, 6)) == [None] * 6


def test_a_job_stops_when_its_patience_ends() -> None:
    found = verdicts(losses(3, 2, 2.5, 2), early_stopping={"patience": 2})

    assert found == [None, None, None, StopReason.EARLY_STOPPED]


def test_a_better_epoch_restores_the_patience() -> None:
    found = verdicts(losses(3, 4, 2, 3, 1, 2), early_stopping={"patience": 2})

    assert found == [None] * 6


def test_less_than_the_smallest_step_is_not_better() -> None:
    asked = {"patience": 2, "min_delta": 0.5}

    found = verdicts(losses(3, 2.75, 2.75), early_stopping=asked)

    assert found == [None, None, StopReason.EARLY_STOPPED]


def test_slow_progress_adds_up_to_better() -> None:
    asked = {"patience": 2, "min_delta": 0.5}

    assert verdicts(losses(3, 2.75, 2.25), early_stopping=asked) == [None] * 3


def test_more_accuracy_is_better() -> None:
    epochs = [Epoch(1, 0.5), Epoch(9, 0.75), Epoch(1, 0.5)]
    asked = {"metric": "val_accuracy", "patience": 1}

    assert verdicts(epochs, early_stopping=asked) == [
        None,
        None,
        StopReason.EARLY_STOPPED,
    ]


@pytest.mark.parametrize(
    ("metric", "value", "epoch"),
    [("val_accuracy", 0.75, Epoch(1, 0.75)), ("val_loss", 0.25, Epoch(0.25, 0.1))],
)
def test_a_job_stops_at_its_target(metric: str, value: float, epoch: Epoch) -> None:
    target = {"metric": metric, "value": value}

    found = verdicts([Epoch(0.5, 0.5), epoch], target_metric=target)

    assert found == [None, StopReason.TARGET_REACHED]


def test_what_was_seen_survives_json() -> None:
    seen = Stopping(best=-0.5, stale_epochs=2, reason=StopReason.EARLY_STOPPED)

    assert Stopping.of(**asdict(seen)) == seen
    assert Stopping.of(**asdict(Stopping())) == Stopping()
