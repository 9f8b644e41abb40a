"""Any picture of a digit becomes what MNIST would have held."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from app.vision.gates import Reason
from app.vision.pixels import Pixels
from app.vision.reading import Mode, read_picture, to_pixels
from tests.factories import drawn_digit

EXPECTED = to_pixels(drawn_digit())


def from_levels(levels: NDArray[np.uint8] | NDArray[np.uint16]) -> Image.Image:
    return Image.fromarray(levels)


def sixteen_bit() -> Image.Image:
    return from_levels(np.asarray(drawn_digit(), np.uint16) * 257)


def transparent_canvas(mode: str) -> Image.Image:
    """Return black strokes on nothing, as a browser's canvas saves them."""
    strokes = Image.new("L", (200, 160), 0)
    strokes.putalpha(ImageOps.invert(drawn_digit()))
    return strokes.convert(mode)


def mass_centre(pixels: Pixels) -> tuple[float, float]:
    rows, columns = np.mgrid[0:28, 0:28]
    mass = pixels.sum()
    return float((rows * pixels).sum() / mass), float((columns * pixels).sum() / mass)


def test_a_digit_is_bright_on_zero_within_twenty_pixels() -> None:
    rows, columns = np.nonzero(EXPECTED)

    assert EXPECTED.shape == (28, 28)
    assert EXPECTED.dtype == np.uint8
    assert EXPECTED.max() == 255
    assert rows.max() - rows.min() + 1 == 20
    assert columns.max() - columns.min() + 1 <= 20


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_digit_is_centred_by_its_mass(angle: int) -> None:
    pixels = to_pixels(drawn_digit().rotate(angle, expand=True, fillcolor=255))

    assert mass_centre(pixels) == pytest.approx((14, 14), abs=0.5)


def on_large_paper(corner: tuple[int, int]) -> Image.Image:
    paper = Image.new("L", (500, 460), "white")
    paper.paste(drawn_digit(), corner)
    return paper


@pytest.mark.parametrize("corner", [(0, 0), (300, 0), (0, 300), (300, 300)])
def test_where_the_digit_lies_on_its_paper_does_not_matter(
    corner: tuple[int, int],
) -> None:
    middle = to_pixels(on_large_paper((150, 150)))

    pixels = to_pixels(on_large_paper(corner))

    assert np.corrcoef(pixels.ravel(), middle.ravel())[0, 1] > 0.95


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(ImageOps.invert(drawn_digit()), id="white on black"),
        pytest.param(drawn_digit().convert("RGB"), id="RGB"),
        pytest.param(drawn_digit().convert("1"), id="one bit"),
        pytest.param(drawn_digit().convert("P"), id="palette"),
        pytest.param(drawn_digit().convert("RGB").convert("CMYK"), id="CMYK"),
        pytest.param(drawn_digit().convert("LA"), id="opaque LA"),
        pytest.param(transparent_canvas("RGBA"), id="transparent RGBA"),
        pytest.param(transparent_canvas("LA"), id="transparent LA"),
        pytest.param(sixteen_bit(), id="16 bits"),
        pytest.param(sixteen_bit().convert("I"), id="32 bits"),
    ],
)
def test_the_same_digit_in_another_form_gives_the_same_pixels(
    image: Image.Image,
) -> None:
    difference = np.abs(to_pixels(image).astype(int) - EXPECTED.astype(int))

    assert difference.max() <= 2


@pytest.mark.parametrize(
    ("bits", "level", "seen"),
    [(16, 40_000, 155), (16, 65_535, 255), (12, 4095, 255), (8, 200, 200)],
)
def test_the_depth_of_integers_is_told_by_their_largest(
    bits: int, level: int, seen: int
) -> None:
    levels = np.zeros((28, 28), np.uint16)
    levels[10:20, 10:20] = level

    assert to_pixels(from_levels(levels), Mode.NONE).max() == seen


def test_colours_hidden_under_transparency_do_not_show() -> None:
    hidden = Image.new("RGBA", (200, 160), (255, 0, 0, 0))
    hidden.paste((0, 0, 0, 255), (90, 20, 110, 140))
    shown = Image.new("L", (200, 160), "white")
    shown.paste(0, (90, 20, 110, 140))

    assert np.array_equal(to_pixels(hidden), to_pixels(shown))


def test_pale_ink_on_grey_paper_becomes_as_bright_as_any() -> None:
    pale = drawn_digit(ink="#a0a0a0", paper="#d0d0d0")

    assert np.abs(to_pixels(pale).astype(int) - EXPECTED.astype(int)).max() <= 2


def test_faint_specks_around_the_digit_are_cut_away() -> None:
    image = drawn_digit()
    image.paste(230, (190, 150, 193, 153))

    assert np.array_equal(to_pixels(image), EXPECTED)


@pytest.mark.parametrize(
    ("size", "level"),
    [((1, 1), 255), ((1, 1), 0), ((28, 28), 255), ((300, 200), 90), ((7, 900), 200)],
)
def test_a_blank_picture_stays_blank(size: tuple[int, int], level: int) -> None:
    assert not to_pixels(Image.new("L", size, level)).any()


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("size", [(1, 8000), (8000, 1), (3, 2000), (1, 1), (2, 29)])
def test_a_picture_of_any_proportion_becomes_28x28(
    size: tuple[int, int], mode: Mode
) -> None:
    image = Image.new("L", size, 255)
    image.paste(0, (0, 0, max(1, size[0] // 2), max(1, size[1] // 2)))

    assert to_pixels(image, mode).shape == (28, 28)


@pytest.mark.parametrize("mode", [Mode.AUTO, Mode.MNIST])
def test_a_stroke_is_twenty_pixels_long(mode: Mode) -> None:
    image = Image.new("L", (60, 300), 255)
    image.paste(0, (25, 20, 31, 280))

    rows, _columns = np.nonzero(to_pixels(image, mode))

    assert np.ptp(rows) + 1 == 20


def test_no_preprocessing_only_makes_grey_and_small() -> None:
    expected = drawn_digit().resize((28, 28), Image.Resampling.BILINEAR)

    pixels = to_pixels(drawn_digit().convert("RGB"), Mode.NONE)

    assert np.array_equal(pixels, np.asarray(expected))


def test_clean_pictures_are_cropped_and_centred_as_they_are() -> None:
    clean = to_pixels(drawn_digit(), Mode.MNIST)
    inverted = to_pixels(ImageOps.invert(drawn_digit()), Mode.MNIST)

    assert np.array_equal(clean, inverted)
    assert np.corrcoef(clean.ravel(), EXPECTED.ravel())[0, 1] > 0.95


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_blank_picture_has_no_ink_in_any_way_of_reading(level: int) -> None:
    blank = Image.new("L", (50, 40), level)

    assert read_picture(blank, Mode.MNIST).reason is Reason.NO_INK
    assert read_picture(blank).reason is Reason.NO_INK
