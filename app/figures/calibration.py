"""Reliability diagrams: accuracy over confidence, before and after scaling."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from app.figures.canvas import BLUE, GREY, NORMAL, ORANGE, new_figure, tidy
from app.report import EvaluationReport, Reliability


def draw_calibration(report: EvaluationReport) -> Figure:
    """Draw both diagrams, and below them how many images each bin holds."""
    calibration = report.calibration
    figure = new_figure(9, 5.6, f"Calibration on {report.images:,} test images")
    panels = figure.subplot_mosaic(
        [["before", "after"], ["counts before", "counts after"]],
        height_ratios=[3, 1],
        sharex=True,
    )
    scaled = f"temperature {calibration.temperature:.3g}"
    for place, words, reliability in (
        ("before", "before: temperature 1", calibration.before),
        ("after", f"after: {scaled}", calibration.after),
    ):
        error = f"calibration error {reliability.calibration_error:.2%}"
        panels[place].set_title(f"{words}, {error}", fontsize=NORMAL)
        draw_reliability(panels[place], reliability)
        draw_counts(panels[f"counts {place}"], reliability)
    return figure


def draw_reliability(axes: Axes, reliability: Reliability) -> None:
    """Draw accuracy as bars, and from their tops the way to the mean confidence."""
    tidy(axes)
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", zorder=3, label="perfect")
    bars = [
        (part.lower, part.upper - part.lower, part.accuracy, part.confidence)
        for part in reliability.bins
        if part.accuracy is not None and part.confidence is not None
    ]
    places, widths, accuracies, confidences = (list(x) for x in zip(*bars, strict=True))
    gaps = [c - a for a, c in zip(accuracies, confidences, strict=True)]
    axes.bar(
        places,
        accuracies,
        widths,
        align="edge",
        color=BLUE,
        edgecolor="white",
        label="accuracy",
    )
    axes.bar(
        places,
        gaps,
        widths,
        bottom=accuracies,
        align="edge",
        facecolor="none",
        edgecolor=ORANGE,
        hatch="////",
        label="gap to mean confidence",
    )
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_ylabel("accuracy [share of images]", fontsize=NORMAL)
    axes.legend(fontsize=NORMAL, frameon=False, loc="upper left")


def draw_counts(axes: Axes, reliability: Reliability) -> None:
    tidy(axes)
    axes.bar(
        [part.lower for part in reliability.bins],
        [part.count for part in reliability.bins],
        [part.upper - part.lower for part in reliability.bins],
        align="edge",
        color=GREY,
        edgecolor="white",
    )
    axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.set_ylabel("images", fontsize=NORMAL)
    axes.set_xlabel("confidence [probability of the prediction]", fontsize=NORMAL)
