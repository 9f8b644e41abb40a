"""The reliability diagrams show each bin's accuracy and the images in it."""

import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from app.figures.calibration import draw_calibration
from tests.figures.axes import labels_of
from tests.reports import a_report


def heights(axes: Axes) -> list[float]:
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [bar.get_height() for bar in bars]


def test_bars_are_accuracies_and_the_gaps_to_confidence() -> None:
    report = a_report(images=500)

    before, after, *_counts = draw_calibration(report).axes

    for axes, measured in (
        (before, report.calibration.before),
        (after, report.calibration.after),
    ):
        bins = [(b.accuracy or 0, b.confidence or 0) for b in measured.bins if b.count]
        accuracies = [accuracy for accuracy, _confidence in bins]
        gaps = [confidence - accuracy for accuracy, confidence in bins]
        assert heights(axes) == pytest.approx(accuracies + gaps)


def test_below_each_diagram_its_images_are_counted() -> None:
    report = a_report(images=500)

    *_diagrams, before, after = draw_calibration(report).axes

    assert heights(before) == [b.count for b in report.calibration.before.bins]
    assert heights(after) == [b.count for b in report.calibration.after.bins]


def test_the_diagrams_name_temperature_and_error() -> None:
    report = a_report(images=500, factor=2.5)

    before, after, *_counts = draw_calibration(report).axes

    errors = (report.calibration.before, report.calibration.after)
    without, scaled = (f"{error.calibration_error:.2%}" for error in errors)
    assert before.get_title() == f"before: temperature 1, calibration error {without}"
    assert after.get_title() == f"after: temperature 2.5, calibration error {scaled}"


def test_the_scales_name_what_they_measure() -> None:
    confidence = "confidence [probability of the prediction]"

    assert labels_of(draw_calibration(a_report())) == [
        ("", "accuracy [share of images]"),
        ("", "accuracy [share of images]"),
        (confidence, "images"),
        (confidence, "images"),
    ]


def test_a_single_image_is_enough() -> None:
    before, *_others = draw_calibration(a_report(images=1)).axes

    assert len(heights(before)) == 2
