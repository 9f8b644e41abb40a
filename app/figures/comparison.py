"""Validation loss and accuracy of several jobs over the same epochs."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from app.figures.canvas import NORMAL, new_figure, printable, tidy
from app.models import EpochMetrics

LABELS = {"val_loss": "validation loss [nats]", "val_accuracy": "validation accuracy"}


def draw_comparison(metrics: Mapping[str, Sequence[EpochMetrics]]) -> Figure:
    """Draw a line for each job, by the name that stands for it."""
    figure = new_figure(9, 3.8, "Jobs side by side")
    panels = figure.subplot_mosaic([list(LABELS)])
    for measure, axes in panels.items():
        tidy(axes)
        axes.set_xlabel("epoch", fontsize=NORMAL)
        axes.set_ylabel(LABELS[measure], fontsize=NORMAL)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        for name, rows in metrics.items():
            epochs = [row.epoch for row in rows]
            values = [getattr(row, measure) for row in rows]
            axes.plot(epochs, values, marker="o", markersize=4, label=printable(name))
        axes.legend(fontsize=NORMAL, frameon=False)
    return figure
