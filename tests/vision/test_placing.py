"""Ink is placed as MNIST's digits are."""

import numpy as np
import pytest

from app.vision.placing import CENTRE, place


def test_the_longer_side_becomes_twenty_pixels() -> None:
    rows, columns = np.nonzero(place(np.ones((80, 40), np.float32)))

    assert np.ptp(rows) + 1 == 20
    assert np.ptp(columns) + 1 == 10


def test_small_ink_is_scaled_up() -> None:
    rows, _columns = np.nonzero(place(np.ones((4, 2), np.float32)))

    assert np.ptp(rows) + 1 == 20


@pytest.mark.parametrize("shape", [(80, 40), (40, 80), (31, 17)])
def test_the_centre_of_mass_is_mnists(shape: tuple[int, int]) -> None:
    ink = np.ones(shape, np.float32)
    ink[: shape[0] // 2, : shape[1] // 3] = 0.2

    pixels = place(ink).astype(float)

    rows, columns = np.mgrid[0:28, 0:28]
    assert (rows * pixels).sum() / pixels.sum() == pytest.approx(CENTRE, abs=0.51)
    assert (columns * pixels).sum() / pixels.sum() == pytest.approx(CENTRE, abs=0.51)


def test_a_heavy_side_does_not_push_the_digit_over_the_edge() -> None:
    ink = np.zeros((180, 180), np.float32)
    ink[:20] = 1
    ink[:, :6] = 1

    rows, _columns = np.nonzero(place(ink))

    assert np.ptp(rows) + 1 == 20
    assert rows.max() == 27
