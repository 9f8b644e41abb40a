"""A sheet of paper is told from the table that it lies on."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from app.vision.reading import read_picture
from app.vision.sheet import find_sheet
from tests.vision import pictures

TABLE, LIT_TABLE, PAPER = 40, 80, 220
SOFTNESS = 10  # of the light on the table, which ends nowhere
SHEET = [(40, 70), (330, 30), (330, 280), (40, 280)]
LIT_STRIP = [(40, 30), (330, 30), (40, 70)]  # above the sheet's slanted edge


def on_a_table_that_is_lit_in_part() -> Image.Image:
    image = Image.new("L", (360, 300), TABLE)
    ImageDraw.Draw(image).polygon(LIT_STRIP, fill=LIT_TABLE)
    image = image.filter(ImageFilter.GaussianBlur(SOFTNESS))
    ImageDraw.Draw(image).polygon(SHEET, fill=PAPER)
    grain = np.random.default_rng(3).normal(1, 0.01, (300, 360))
    written = image.convert("RGB")
    pictures.draw_five(written, (60, 60, 60), 14)
    return pictures.times(written, np.clip(grain, 0, 1.1))


def test_a_lit_strip_of_the_table_is_no_part_of_the_sheet() -> None:
    sheet = find_sheet(np.asarray(on_a_table_that_is_lit_in_part().convert("L")))

    assert sheet is not None
    assert sheet[150, 180] == 1
    assert not sheet[30:40, 40:140].any()


def test_a_digit_on_such_a_sheet_is_what_is_read() -> None:
    reading = read_picture(on_a_table_that_is_lit_in_part())

    assert reading.reason is None
    assert reading.box is not None
    assert 80 < reading.box.width < 95
    assert 155 < reading.box.height < 170


def test_half_a_round_shadow_at_the_border_is_no_sheet() -> None:
    page = Image.new("L", (320, 180), PAPER)
    ImageDraw.Draw(page).ellipse((70, 18, 360, 100), fill=LIT_TABLE)

    assert find_sheet(np.asarray(page.filter(ImageFilter.GaussianBlur(2)))) is None
