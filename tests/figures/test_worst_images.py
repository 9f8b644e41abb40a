"""The worst images are shown as they are, with what each was taken for."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from app.figures.worst_images import caption, draw_worst_images
from app.report import EvaluationReport, WorstImage
from app.vision.pixels import Pixels
from tests.figures.axes import words_of
from tests.reports import a_report


def sheet(report: EvaluationReport) -> Axes:
    [axes] = draw_worst_images(report).axes
    return axes


def pixels_of(picture: AxesImage) -> Pixels:
    return np.asarray(picture.get_array())


@pytest.mark.parametrize(("images", "shown"), [(1, 1), (7, 7), (200, 25)])
def test_as_many_are_shown_as_the_report_holds(images: int, shown: int) -> None:
    axes = sheet(a_report(images=images))

    assert len(axes.images) == len(axes.texts) == shown


def test_the_pictures_are_those_of_the_test_set() -> None:
    report = a_report(images=30)

    axes = sheet(report)

    every = (np.arange(30 * 28 * 28) % 251).reshape(30, 28, 28)
    for picture, image in zip(axes.images, report.worst_images, strict=True):
        assert np.array_equal(pixels_of(picture), every[image.index])


def test_each_stands_below_its_caption() -> None:
    report = a_report(images=30)

    axes = sheet(report)

    assert words_of(axes) == [caption(image) for image in report.worst_images]
    for picture, text in zip(axes.images, axes.texts, strict=True):
        left, right, _bottom, top = picture.get_extent()
        across, down = text.get_position()
        assert left < across < right
        assert down < top


@pytest.mark.parametrize(
    ("predicted", "words"), [("nine", "taken for nine"), ("four", "recognised")]
)
def test_a_caption_tells_what_the_image_was_taken_for(
    predicted: str, words: str
) -> None:
    image = WorstImage(
        index=247,
        label="four",
        predicted=predicted,
        loss=3.5,
        probabilities={"four": 0.03, "nine": 0.97},
        png="",
    )

    assert caption(image) == f"four, no. 247\n{words}\ntrue class: 3.00%"
