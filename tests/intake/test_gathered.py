"""Images are counted as they come, up to what is allowed."""

import pytest
from PIL import Image

from app.errors import UploadRefused
from app.intake.gathered import LISTED_UNREADABLE, MOST_CLASSES, Gathered
from tests.intake.conftest import MEBIBYTE, WISH, Add, flat


def test_a_class_keeps_its_number(gathered: Gathered) -> None:
    numbers = [gathered.add_class(name) for name in ("b", "a", "b")]

    assert numbers == [0, 1, 0]


def test_a_picture_leaves_its_size_its_mode_and_784_bytes(gathered: Gathered) -> None:
    gathered.add("a/1.png", "a", Image.new("RGB", (40, 30)), is_test=True)

    assert gathered.sizes == {(30, 40): 1}
    assert gathered.modes == {"RGB": 1}
    assert len(gathered.pixels) == 784
    assert list(gathered.is_test) == [True]


def test_more_images_than_allowed_are_refused(gathered: Gathered, add: Add) -> None:
    for level in range(gathered.most_images):
        add("a", level)

    with pytest.raises(UploadRefused, match="more than 100 images"):
        add("a", 0)


def test_more_classes_than_allowed_are_refused(gathered: Gathered) -> None:
    for number in range(MOST_CLASSES):
        gathered.add_class(str(number))

    with pytest.raises(UploadRefused, match=f"more than {MOST_CLASSES} classes"):
        gathered.add_class("one more")


def test_every_unreadable_file_is_counted_and_some_are_named(
    gathered: Gathered,
) -> None:
    for number in range(LISTED_UNREADABLE + 5):
        gathered.refuse(str(number), "x" * 1000)

    assert gathered.unreadable_count == LISTED_UNREADABLE + 5
    assert len(gathered.unreadable) == LISTED_UNREADABLE
    assert len(gathered.unreadable[0].reason) < 1000


def test_each_image_and_each_refusal_is_a_sign_of_life() -> None:
    pulses: list[None] = []
    gathered = Gathered(WISH, 10, MEBIBYTE, lambda: pulses.append(None))

    gathered.add_pixels("a/1.png", "a", flat(1), is_test=False)
    gathered.refuse("a/2.png", "torn")

    assert len(pulses) == 2
