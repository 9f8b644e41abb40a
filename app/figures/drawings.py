"""Every figure by its name; importing it loads matplotlib."""

from collections.abc import Callable, Mapping, Sequence

from matplotlib.figure import Figure

from app.figures.calibration import draw_calibration
from app.figures.canvas import render
from app.figures.comparison import draw_comparison
from app.figures.confusion_matrix import draw_confusion_matrix
from app.figures.curves import draw_curves
from app.figures.format import FigureFormat
from app.figures.worst_images import draw_worst_images
from app.models import EpochMetrics
from app.report import EvaluationReport

OF_REPORTS: dict[str, Callable[[EvaluationReport], Figure]] = {
    "confusion-matrix": draw_confusion_matrix,
    "calibration": draw_calibration,
    "worst-images": draw_worst_images,
}


def picture_report(name: str, report: EvaluationReport, kind: FigureFormat) -> bytes:
    return render(OF_REPORTS[name](report), kind)


def picture_curves(
    metrics: Sequence[EpochMetrics], best_epoch: int | None, kind: FigureFormat
) -> bytes:
    return render(draw_curves(metrics, best_epoch), kind)


def picture_comparison(
    metrics: Mapping[str, Sequence[EpochMetrics]], kind: FigureFormat
) -> bytes:
    return render(draw_comparison(metrics), kind)
