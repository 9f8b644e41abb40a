"""An accuracy is the mean over seeds, and held against what was promised."""

import pytest

from benchmarks.accuracy import promised, row, same_as
from benchmarks.time_to_accuracy import Reached


def runs(*accuracies: float, seconds: float = 200.0) -> list[Reached]:
    return [Reached(seconds, accuracy, epoch=9) for accuracy in accuracies]


@pytest.mark.parametrize(
    ("accuracies", "met"), [((0.9965, 0.9976), True), ((0.9969, 0.997), False)]
)
def test_the_mean_is_what_was_promised(
    accuracies: tuple[float, ...], met: object
) -> None:
    target = promised("accurate", "mnist", runs(*accuracies))

    assert target["accurate_mnist_mean_accuracy"].met is met


def test_the_slowest_seed_has_to_be_in_time() -> None:
    ours = [*runs(0.998), *runs(0.998, seconds=241.0)]

    assert not promised("accurate", "fashion-mnist", ours)[
        "accurate_fashion-mnist_seconds"
    ].met


def test_nothing_was_promised_of_other_presets() -> None:
    assert promised("fast", "mnist", runs(0.9)) == {}


@pytest.mark.parametrize(("ours", "met"), [(0.9925, True), (0.9919, False), (1, True)])
def test_less_accurate_than_the_program_by_a_tenth_of_a_percent_is_not_the_same(
    ours: float, met: object
) -> None:
    target = same_as(runs(0.9931), runs(ours))["tutorial_accuracy_below_tensorflow"]

    assert target.met is met


def test_a_row_shows_the_mean_each_and_the_slowest() -> None:
    shown = row(runs(0.9970, 0.9974))

    assert shown == "99.720% mean of 99.70%, 99.74%; at most 200 s"
