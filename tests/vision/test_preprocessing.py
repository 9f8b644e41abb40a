"""Any picture of a digit becomes what MNIST would have held."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps

from app.vision.preprocessing import Pixels, Preprocessing, normalize, to_pixels
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

    assert mass_centre(pixels) == pytest.approx((13.5, 13.5), abs=0.5)


@pytest.mark.parametrize("corner", [(0, 0), (300, 0), (0, 300), (300, 300)])
def test_where_the_digit_lies_on_its_paper_does_not_matter(
    corner: tuple[int, int],
) -> None:
    paper = Image.new("L", (500, 460), "white")
    paper.paste(drawn_digit(), corner)

    assert np.array_equal(to_pixels(paper), EXPECTED)


def test_a_picture_in_the_form_of_mnist_passes_to_the_bit() -> None:
    levels = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    levels[0] = levels[-1] = levels[:, 0] = levels[:, -1] = 0

    assert np.array_equal(to_pixels(from_levels(levels)), levels)


def test_a_form_of_mnist_on_white_is_not_passed_as_it_is() -> None:
    small = ImageOps.invert(from_levels(EXPECTED))

    pixels = to_pixels(small)

    assert pixels[0, 0] == 0
    assert np.array_equal(pixels, EXPECTED)


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


def test_sixteen_bits_are_scaled_and_not_cut_off() -> None:
    levels = np.zeros((28, 28), np.uint16)
    levels[10:20, 10:20] = 40_000

    assert to_pixels(from_levels(levels)).max() == 155


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


@pytest.mark.parametrize("box", [(4, 4, 5, 8000), (0, 4, 8000, 5), (4, 4, 5, 5)])
def test_a_stroke_of_any_proportion_stays_within_the_picture(
    box: tuple[int, int, int, int],
) -> None:
    image = Image.new("L", (box[2] + 10, box[3] + 10), 255)
    image.paste(0, box)

    pixels = to_pixels(image)

    rows, columns = np.nonzero(pixels)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert mass_centre(pixels) == pytest.approx((13.5, 13.5), abs=0.6)


def test_a_heavy_side_does_not_push_the_digit_over_the_edge() -> None:
    image = Image.new("L", (200, 200), 255)
    image.paste(0, (10, 10, 190, 30))
    image.paste(0, (10, 30, 12, 190))

    rows, _columns = np.nonzero(to_pixels(image))

    assert rows.max() == 27


def test_pixels_become_numbers_from_zero_to_one() -> None:
    pixels = torch.tensor([[[0, 51], [204, 255]]], dtype=torch.uint8)

    images = normalize(pixels, Preprocessing())

    expected = torch.tensor([[[[0.0, 0.2], [0.8, 1.0]]]])
    torch.testing.assert_close(images, expected)


def test_the_scale_is_the_one_kept_with_the_checkpoint() -> None:
    pixels = torch.full((1, 28, 28), 2, dtype=torch.uint8)

    images = normalize(pixels, Preprocessing(scale=0.25))

    assert images.unique().item() == 0.5
