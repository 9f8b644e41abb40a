"""Each job is a line of its own in both panels, under its name."""

from uuid import uuid4

import numpy as np

from app.figures.comparison import draw_comparison
from app.models import EpochMetrics


def curve(epochs: int) -> list[EpochMetrics]:
    return [
        EpochMetrics(
            job_id=uuid4(),
            epoch=epoch,
            attempt=1,
            train_loss=1.0,
            train_accuracy=0.5,
            val_loss=1.0 / epoch,
            val_accuracy=0.75,
            seconds=1.0,
            images_per_second=1.0,
        )
        for epoch in range(1, epochs + 1)
    ]


def test_each_job_is_a_line_under_its_name() -> None:
    figure = draw_comparison({"baseline": curve(3), "slower": curve(1)})

    for axes in figure.axes:
        lines = axes.get_lines()
        assert [line.get_label() for line in lines] == ["baseline", "slower"]
        assert [np.size(line.get_xdata()) for line in lines] == [3, 1]


def test_a_job_without_an_epoch_is_named_all_the_same() -> None:
    [left, _right] = draw_comparison({"new": []}).axes

    assert left.get_legend_handles_labels()[1] == ["new"]
