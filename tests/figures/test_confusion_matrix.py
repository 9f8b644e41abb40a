"""The matrix shows each count in its cell, and the classes at its sides."""

import pytest
from matplotlib.axes import Axes

from app.figures.canvas import render
from app.figures.confusion_matrix import draw_confusion_matrix
from app.figures.format import FigureFormat
from app.report import EvaluationReport
from tests.figures.axes import labels_of, words_of
from tests.reports import a_report


def matrix_of(report: EvaluationReport) -> Axes:
    return draw_confusion_matrix(report).axes[0]


def class_names(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def test_each_count_stands_in_its_cell() -> None:
    report = a_report()

    texts = matrix_of(report).texts

    counts = {text.get_position(): text.get_text() for text in texts}
    assert counts == {
        (column, row): str(count)
        for row, counted in enumerate(report.confusion_matrix)
        for column, count in enumerate(counted)
        if count
    }


def test_both_sides_name_the_classes() -> None:
    axes = matrix_of(a_report(["no", "yes"]))

    assert class_names(axes) == ["no", "yes"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["no", "yes"]


def test_the_scales_say_what_they_count() -> None:
    assert labels_of(draw_confusion_matrix(a_report())) == [
        ("predicted class", "true class"),
        ("", "errors: share of the true class's images"),
    ]


def test_the_title_counts_what_is_right() -> None:
    report = a_report(images=2000)

    title = draw_confusion_matrix(report).get_suptitle()

    right = f"{round(report.accuracy * 2000):,}"
    assert title == f"Confusion matrix: {right} of 2,000 test images right"


def test_many_classes_are_shaded_without_numbers() -> None:
    axes = matrix_of(a_report([str(number) for number in range(40)]))

    assert words_of(axes) == []
    assert len(class_names(axes)) == 40


def test_of_very_many_classes_some_are_named() -> None:
    axes = matrix_of(a_report([str(number) for number in range(150)]))

    assert class_names(axes) == [str(number) for number in range(0, 150, 3)]


@pytest.mark.parametrize("name", ["$x$", "<&>", "--", "bell\x07", "\\frac"])
def test_a_class_may_have_any_name(name: str) -> None:
    figure = draw_confusion_matrix(a_report([name, "other"]))

    assert render(figure, FigureFormat.SVG).endswith(b"</svg>\n")


def test_a_network_without_an_error_can_be_drawn() -> None:
    report = a_report(["one"], images=5)

    assert words_of(matrix_of(report)) == ["5"]
