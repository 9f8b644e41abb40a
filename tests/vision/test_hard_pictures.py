"""Every hard picture of a five looks like the plain one once it is 28x28."""

import time
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from app.vision.pixels import Pixels
from app.vision.reading import read_picture, to_pixels
from tests.vision import pictures

PLAIN = to_pixels(pictures.five())


def likeness(first: Pixels, second: Pixels) -> float:
    """Return the best correlation of two images over shifts of one pixel."""
    return max(
        float(np.corrcoef(np.roll(first, shift, (0, 1)).ravel(), second.ravel())[0, 1])
        for shift in ((0, 0), (0, 1), (1, 0), (0, -1), (-1, 0))
    )


@pytest.mark.parametrize("draw", pictures.HARD.values(), ids=pictures.HARD)
def test_a_hard_picture_reads_like_the_plain_one(
    draw: Callable[[], Image.Image],
) -> None:
    reading = read_picture(draw())

    assert reading.reason is None
    assert likeness(reading.pixels, PLAIN) > 0.85


def test_a_marker_as_broad_as_the_gaps_of_its_digit_is_read_whole() -> None:
    broad = pictures.five((110, 110, 115), pen=40)

    reading = read_picture(pictures.grainy(broad.crop((40, 30, 240, 290))))

    assert reading.reason is None
    assert likeness(reading.pixels, to_pixels(broad)) > 0.95


def test_chalk_is_known_to_be_light_on_dark() -> None:
    chalk = read_picture(pictures.HARD["white chalk"]())

    assert chalk.polarity == "light_on_dark"


def test_the_box_is_in_the_pixels_of_the_picture() -> None:
    box = read_picture(pictures.HARD["twelve megapixels"]()).box

    assert box is not None
    plain = (90 * 11, 80 * 10, 180 * 11, 246 * 10)
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx(plain, abs=90)


def test_a_photo_of_twelve_megapixels_takes_a_moment() -> None:
    photo = pictures.large()
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        read_picture(photo)
        seconds.append(time.perf_counter() - start)

    assert min(seconds) < 0.2  # a quarter of that on a quiet machine
