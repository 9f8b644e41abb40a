"""Several digits are found where they stand, in the order in which people read."""

import numpy as np
from PIL import Image

from app.vision.reading import to_pixels
from app.vision.segmentation import find_digits
from tests.vision import pictures

FIVE = pictures.five().crop((84, 66, 196, 260))


def page_of_fives(*places: tuple[int, int]) -> Image.Image:
    page = Image.new("RGB", (640, 560), pictures.WHITE)
    for left, top in places:
        page.paste(FIVE, (left, top))
    return page


def test_digits_are_found_from_left_to_right() -> None:
    found = find_digits(page_of_fives((420, 60), (60, 50), (240, 70)))

    lefts = [digit.box.left for digit in found]
    assert len(found) == 3
    assert lefts == sorted(lefts)
    assert {digit.line for digit in found} == {0}


def test_lines_are_read_from_top_to_bottom() -> None:
    found = find_digits(page_of_fives((300, 320), (60, 50), (240, 60), (80, 310)))

    assert [digit.line for digit in found] == [0, 0, 1, 1]
    assert found[0].box.left < found[1].box.left
    assert found[2].box.left < found[3].box.left


def test_each_digit_is_as_it_would_be_alone() -> None:
    [first, _second] = find_digits(page_of_fives((60, 50), (300, 60)))

    alone = to_pixels(page_of_fives((60, 50)))
    likeness = np.corrcoef(first.reading.pixels.ravel(), alone.ravel())[0, 1]
    assert likeness > 0.95


def test_a_box_is_in_the_pixels_of_the_picture() -> None:
    [digit] = find_digits(page_of_fives((200, 100)))

    assert abs(digit.box.left - 209) < 12
    assert abs(digit.box.top - 116) < 12


def test_digits_that_touch_are_cut_apart() -> None:
    page = Image.new("L", (360, 200), 255)
    for left in (60, 146):
        page.paste(0, (left, 50, left + 86, 66))
        page.paste(0, (left, 50, left + 16, 100))
        page.paste(0, (left + 30, 50, left + 46, 150))

    assert len(find_digits(page)) == 2


def test_a_broken_digit_is_one() -> None:
    assert len(find_digits(pictures.five(broken=True))) == 1


def test_specks_and_ruled_lines_are_no_digits() -> None:
    assert len(find_digits(pictures.with_dirt())) == 1
    assert len(find_digits(pictures.ruled())) == 1


def test_an_empty_page_has_no_digits() -> None:
    assert find_digits(Image.new("L", (100, 100), 255)) == []
