"""Loss and accuracy of a job, epoch by epoch."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from app.figures.canvas import BLUE, GREY, NORMAL, ORANGE, new_figure, tidy
from app.models import EpochMetrics

MOST_MARKS = 60


def draw_curves(metrics: Sequence[EpochMetrics], best_epoch: int | None) -> Figure:
    """Draw what is there so far; before the first epoch has ended, say so."""
    figure = new_figure(9, 3.8, "Training and validation")
    panels = figure.subplot_mosaic([["loss", "accuracy"]])
    for measure, axes in panels.items():
        tidy(axes)
        axes.set_xlabel("epoch", fontsize=NORMAL)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        draw_measure(axes, metrics, measure)
        draw_best(axes, best_epoch)
        if metrics:
            axes.set_xlim(0.5, metrics[-1].epoch + 0.5)
            axes.legend(fontsize=NORMAL, frameon=False)
        else:
            say_that_there_is_nothing(axes)
    panels["loss"].set_ylabel("mean loss per image [nats]", fontsize=NORMAL)
    panels["accuracy"].set_ylabel("accuracy [% of images]", fontsize=NORMAL)
    panels["accuracy"].yaxis.set_major_formatter(PercentFormatter(xmax=1, symbol=""))
    return figure


def draw_measure(axes: Axes, metrics: Sequence[EpochMetrics], measure: str) -> None:
    epochs = [row.epoch for row in metrics]
    marker = "o" if len(epochs) <= MOST_MARKS else ""
    for split, colour in (("train", ORANGE), ("val", BLUE)):
        values = [getattr(row, f"{split}_{measure}") for row in metrics]
        label = "training" if split == "train" else "validation"
        axes.plot(
            epochs, values, color=colour, marker=marker, markersize=4, label=label
        )


def draw_best(axes: Axes, best_epoch: int | None) -> None:
    if best_epoch is not None:
        label = f"best epoch: {best_epoch}"
        axes.axvline(best_epoch, color=GREY, linestyle=":", zorder=1, label=label)


def say_that_there_is_nothing(axes: Axes) -> None:
    axes.text(
        0.5,
        0.5,
        "no epoch has ended yet",
        color=GREY,
        ha="center",
        va="center",
        transform=axes.transAxes,
    )
    axes.set_xticks([])
    axes.set_yticks([])
