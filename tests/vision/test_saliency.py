"""The map is bright where hiding costs the answer most, and nowhere else."""

import numpy as np
import pytest

from app.vision.pixels import Pixels
from app.vision.saliency import hidden, saliency_map, windows


def two_dots() -> Pixels:
    pixels = np.zeros((28, 28), np.uint8)
    pixels[5:7, 5:7] = pixels[20:22, 20:22] = 255
    return pixels


def test_only_patches_that_hide_something_are_tried() -> None:
    pixels = two_dots()

    changed = [hidden(pixels, window) for window in windows(pixels)]

    assert 0 < len(changed) < 30
    assert all((picture != pixels).any() for picture in changed)
    assert all((picture <= pixels).all() for picture in changed)


def test_a_blank_picture_has_a_black_map() -> None:
    blank = np.zeros((28, 28), np.uint8)

    assert windows(blank) == []
    assert not saliency_map(blank, 0.3, [], []).any()


def test_the_map_is_brightest_where_hiding_costs_most() -> None:
    pixels = two_dots()
    places = windows(pixels)
    after = [
        0.01 if hidden(pixels, place)[5:7, 5:7].sum() == 0 else 0.8 for place in places
    ]

    found = saliency_map(pixels, 0.9, places, after)

    assert found[5, 5] == found.max() == 255
    assert 0 < found[20, 20] < 64
    assert found[5, 20] == 0


def test_what_speaks_for_another_label_stays_black() -> None:
    pixels = two_dots()
    places = windows(pixels)

    assert not saliency_map(pixels, 0.4, places, [0.9] * len(places)).any()


def test_a_probability_of_nothing_is_borne() -> None:
    pixels = two_dots()
    places = windows(pixels)

    assert saliency_map(pixels, 1.0, places, [0.0] * len(places)).max() == 255


@pytest.mark.parametrize("shape", [(28, 28), (5, 90, 3), (96, 41), (1, 1, 3)])
def test_patches_cover_pictures_of_every_shape(shape: tuple[int, ...]) -> None:
    pixels = np.full(shape, 9, np.uint8)
    places = windows(pixels)

    found = saliency_map(pixels, 0.9, places, [0.1] * len(places))

    assert found.shape == shape[:2]
    assert (found == 255).all()
