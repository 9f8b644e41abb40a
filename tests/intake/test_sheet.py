"""The contact sheet is a picture with a row for each class."""

import io

import numpy as np
from PIL import Image

from app.intake.sheet import COLUMNS, MOST_ROWS, contact_sheet
from app.library import Content, Split

NONE = Split(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint16))


def sheet_of(names: tuple[str, ...], images: int) -> Image.Image:
    labels = np.zeros(images, np.uint16)
    train = Split(np.full((images, 28, 28), 77, np.uint8), labels)
    return Image.open(io.BytesIO(contact_sheet(Content(names, train, NONE))))


def test_images_of_a_class_stand_side_by_side() -> None:
    sheet = sheet_of(("a",), 3)

    assert np.count_nonzero(np.asarray(sheet) == 77) >= 3 * 28 * 28


def test_a_row_has_an_end_and_so_has_the_sheet() -> None:
    long = sheet_of(tuple(map(str, range(1000))), 100)
    short = sheet_of(tuple(map(str, range(MOST_ROWS))), COLUMNS)

    assert long.size == short.size


def test_a_name_in_other_letters_is_drawn_somehow() -> None:
    assert sheet_of(("\N{CYRILLIC SMALL LETTER DE}" * 50,), 1).height > 28
