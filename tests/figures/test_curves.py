"""The curves show every epoch that has ended, and which is the best."""

from uuid import UUID

import numpy as np
import pytest
from matplotlib.axes import Axes

from app.figures.canvas import render
from app.figures.curves import draw_curves
from app.figures.format import FigureFormat
from app.models import EpochMetrics
from tests.figures.axes import labels_of, words_of


def epochs(count: int) -> list[EpochMetrics]:
    return [
        EpochMetrics(
            job_id=UUID(int=1),
            epoch=epoch,
            attempt=1,
            train_loss=2 / epoch,
            train_accuracy=1 - 0.5 / epoch,
            val_loss=1 / epoch,
            val_accuracy=1 - 0.25 / epoch,
            seconds=1.0,
            images_per_second=100.0,
        )
        for epoch in range(1, count + 1)
    ]


def lines_of(axes: Axes) -> dict[object, list[float]]:
    return {
        line.get_label(): [float(y) for y in np.asarray(line.get_ydata())]
        for line in axes.lines
    }


def test_the_curves_are_those_of_the_epochs() -> None:
    loss, accuracy = draw_curves(epochs(3), best_epoch=None).axes

    assert lines_of(loss) == {"training": [2, 1, 2 / 3], "validation": [1, 0.5, 1 / 3]}
    assert lines_of(accuracy)["validation"] == pytest.approx([0.75, 0.875, 11 / 12])


def test_the_scales_name_their_units() -> None:
    assert labels_of(draw_curves(epochs(2), best_epoch=2)) == [
        ("epoch", "mean loss per image [nats]"),
        ("epoch", "accuracy [% of images]"),
    ]


def test_the_best_epoch_is_marked() -> None:
    loss, accuracy = draw_curves(epochs(3), best_epoch=2).axes

    for axes in (loss, accuracy):
        [mark] = [line for line in axes.lines if line.get_label() == "best epoch: 2"]
        assert np.array_equal(mark.get_xdata(), [2, 2])


def test_before_the_first_epoch_the_figure_says_so() -> None:
    for axes in draw_curves([], best_epoch=None).axes:
        assert words_of(axes) == ["no epoch has ended yet"]


@pytest.mark.parametrize("count", [1, 2, 500])
def test_any_number_of_epochs_can_be_drawn(count: int) -> None:
    figure = draw_curves(epochs(count), best_epoch=1)

    assert len(render(figure, FigureFormat.SVG)) < 200_000
