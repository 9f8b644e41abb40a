"""Numbers become pictures whose colours tell their sign and size."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from app.vision.tiles import sheet_of


def colours_of(png: bytes) -> list[list[tuple[int, ...]]]:
    pixels = np.asarray(Image.open(BytesIO(png)).convert("RGBA"))
    return [[tuple(map(int, pixel)) for pixel in row] for row in pixels]


def test_zero_is_black_what_is_above_white_and_below_blue() -> None:
    numbers = np.array([0, 2, -2], np.float32).reshape(3, 1, 1)

    [row] = colours_of(sheet_of(numbers).png)

    assert row == [(0, 0, 0, 255), (255, 255, 255, 255), (91, 140, 255, 255)]


def test_tiles_lie_in_rows_with_clear_gaps() -> None:
    tiles = np.ones((3, 2, 2), np.float32)

    sheet = sheet_of(tiles, columns=2)

    colours = colours_of(sheet.png)
    assert (sheet.columns, sheet.rows) == (2, 2)
    assert (len(colours[0]), len(colours)) == (5, 5)
    assert [colour[3] for colour in colours[0]] == [255, 255, 0, 255, 255]
    assert colours[4][4][3] == 0  # nothing lies where a fourth tile would


@pytest.mark.parametrize(
    ("count", "columns", "rows"),
    [(1, 1, 1), (10, 10, 1), (32, 32, 1), (128, 16, 8), (625, 36, 18)],
)
def test_few_single_numbers_lie_in_one_row(count: int, columns: int, rows: int) -> None:
    sheet = sheet_of(np.zeros((count, 1, 1), np.float32))

    assert (sheet.columns, sheet.rows) == (columns, rows)


def test_a_sheet_tells_its_extremes() -> None:
    sheet = sheet_of(np.array([[[0.5, -3.0]]], np.float32))

    assert (sheet.low, sheet.high) == (-3.0, 0.5)


def test_what_is_no_number_shows_as_zero() -> None:
    numbers = np.array([np.nan, np.inf, 1], np.float32).reshape(3, 1, 1)

    sheet = sheet_of(numbers)

    assert colours_of(sheet.png)[0][:2] == [(0, 0, 0, 255)] * 2
    assert (sheet.low, sheet.high) == (0.0, 1.0)
