"""Which classes a network takes for which."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from app.figures.canvas import (
    BLUE,
    NORMAL,
    ORANGE,
    PALE,
    SMALL,
    new_figure,
    printable,
)
from app.report import EvaluationReport

# Errors are a few in a thousand: on one scale with the diagonal they would not show.
ERRORS = LinearSegmentedColormap.from_list("errors", ["white", ORANGE])
RIGHT = LinearSegmentedColormap.from_list("right", ["white", BLUE])
MOST_NUMBERED = 30
MOST_NAMED = 60
DARK = 0.8  # a share of the scale above which white is read better than black
LONGEST_LEVEL_NAME = 3

Matrix = NDArray[np.float64]


def draw_confusion_matrix(report: EvaluationReport) -> Figure:
    """Draw counts, shaded by their share of the true class's images."""
    names = [printable(name) for name in report.class_names]
    pitch = 0.5 if len(names) <= MOST_NUMBERED else 0.2
    side = min(max(5.0, 1.6 + pitch * len(names)), 18.0)
    right = sum(row[place] for place, row in enumerate(report.confusion_matrix))
    title = f"Confusion matrix: {right:,} of {report.images:,} test images right"
    figure = new_figure(side + 1, side, title)
    axes = figure.subplots()
    draw_cells(figure, axes, report)
    mark_classes(axes, names)
    return figure


def draw_cells(figure: Figure, axes: Axes, report: EvaluationReport) -> None:
    counts = np.array(report.confusion_matrix)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    is_right = np.eye(len(counts), dtype=bool)
    errors = np.where(is_right, 0.0, shares)
    worst = max(float(errors.max()), 1e-3)
    axes.imshow(np.where(is_right, shares, np.nan), cmap=RIGHT, vmin=0, vmax=1)
    image = axes.imshow(
        np.where(is_right, np.nan, shares), cmap=ERRORS, vmin=0, vmax=worst
    )
    bar = figure.colorbar(image, ax=axes, shrink=0.6, format=PercentFormatter(xmax=1))
    bar.set_label("errors: share of the true class's images", fontsize=NORMAL)
    bar.ax.tick_params(labelsize=SMALL)
    if len(counts) <= MOST_NUMBERED:
        write_counts(axes, counts, np.where(is_right, shares, errors / worst))


def write_counts(axes: Axes, counts: NDArray[np.int64], depths: Matrix) -> None:
    for row, column in zip(*np.nonzero(counts), strict=True):
        axes.text(
            column,
            row,
            f"{counts[row, column]}",
            color="white" if depths[row, column] > DARK else "black",
            fontsize=SMALL,
            ha="center",
            va="center",
        )


def mark_classes(axes: Axes, names: list[str]) -> None:
    step = -(-len(names) // MOST_NAMED)
    places, shown = range(0, len(names), step), names[::step]
    is_level = max(map(len, names)) <= LONGEST_LEVEL_NAME
    axes.set_xticks(
        places, shown, fontsize=SMALL, parse_math=False, rotation=0 if is_level else 90
    )
    axes.set_yticks(places, shown, fontsize=SMALL, parse_math=False)
    axes.set_xlabel("predicted class", fontsize=NORMAL)
    axes.set_ylabel("true class", fontsize=NORMAL)
    axes.tick_params(length=0)
    if step == 1:
        draw_borders(axes, len(names))


def draw_borders(axes: Axes, classes: int) -> None:
    borders = np.arange(classes + 1) - 0.5
    axes.set_xticks(borders, minor=True)
    axes.set_yticks(borders, minor=True)
    axes.grid(visible=True, which="minor", color=PALE, linewidth=0.6)
    axes.tick_params(which="minor", length=0)
