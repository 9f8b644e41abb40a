"""A figure is the same file whenever and by whomever it is drawn."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from PIL import Image

from app.figures.calibration import draw_calibration
from app.figures.canvas import new_figure, printable, render
from app.figures.confusion_matrix import draw_confusion_matrix
from app.figures.format import FigureFormat
from app.figures.worst_images import draw_worst_images
from app.report import EvaluationReport
from tests.reports import a_report

Drawing = Callable[[EvaluationReport], Figure]

DRAWINGS: list[Drawing] = [draw_calibration, draw_confusion_matrix, draw_worst_images]
THREADS = 3


@pytest.mark.parametrize("draw", DRAWINGS)
@pytest.mark.parametrize("kind", FigureFormat)
def test_the_same_report_gives_the_same_bytes(
    draw: Drawing, kind: FigureFormat
) -> None:
    assert render(draw(a_report()), kind) == render(draw(a_report()), kind)


def test_threads_do_not_disturb_each_other() -> None:
    report = a_report()

    def draw_all(_thread: int) -> list[bytes]:
        return [render(draw(report), FigureFormat.SVG) for draw in DRAWINGS]

    with ThreadPoolExecutor(THREADS) as pool:
        drawn = list(pool.map(draw_all, range(THREADS)))

    assert drawn == [draw_all(0)] * THREADS


def test_a_png_is_large_enough_for_a_sharp_screen() -> None:
    data = render(new_figure(4, 3, "title"), FigureFormat.PNG)

    image = Image.open(BytesIO(data))
    assert image.size == (576, 432)
    assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_an_svg_tells_its_title_and_no_date() -> None:
    data = render(new_figure(4, 3, "Reads <digits>"), FigureFormat.SVG)

    title = ElementTree.fromstring(data).find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == "Reads <digits>"
    assert b"date" not in data


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("seven", "seven"),
        ("T-shirt/top", "T-shirt/top"),
        ("a name of many words", "a name of many …"),
        ("two\nlines", "two\ufffdlines"),
        ("bell\x07", "bell\ufffd"),
    ],
)
def test_a_class_name_is_made_to_fit(name: str, shown: str) -> None:
    assert printable(name) == shown
