"""Pictures without one digit are known for what they are."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.vision.gates import Reason
from app.vision.reading import read_picture
from tests.vision import pictures


def noise(side: int) -> Image.Image:
    levels = np.random.default_rng(side).integers(0, 256, (side, side), np.uint8)
    return Image.fromarray(levels)


def empty_page_in_fading_light() -> Image.Image:
    page = Image.new("RGB", (360, 300), pictures.WHITE)
    light = np.tile(np.linspace(1, 0.4, 360), (300, 1))
    grain = np.random.default_rng(0).normal(1, 0.01, light.shape)
    return pictures.times(page, np.clip(light * grain, 0, 1))


def empty_ruled_page() -> Image.Image:
    page = Image.new("RGB", (360, 300), pictures.WHITE)
    draw = ImageDraw.Draw(page)
    for row in range(20, 300, 40):
        draw.line([(0, row), (360, row)], fill=(190, 200, 225), width=2)
    return page


def blot() -> Image.Image:
    page = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(page).ellipse((80, 90, 220, 230), fill=0)
    return page


def two_fives() -> Image.Image:
    page = Image.new("RGB", (640, 300), pictures.WHITE)
    page.paste(pictures.five(), (0, 0))
    page.paste(pictures.five().crop((80, 60, 200, 260)), (300, 60))
    return page


@pytest.mark.parametrize(
    ("draw", "reasons"),
    [
        pytest.param(lambda: Image.new("L", (9, 9), 255), {"no_ink"}, id="white"),
        pytest.param(lambda: Image.new("RGBA", (64, 64)), {"no_ink"}, id="nothing"),
        pytest.param(empty_page_in_fading_light, {"no_ink"}, id="empty page"),
        pytest.param(blot, {"not_a_digit"}, id="a blot"),
        pytest.param(two_fives, {"several_digits"}, id="two digits"),
        pytest.param(
            lambda: noise(28), {"not_a_digit", "several_digits"}, id="small noise"
        ),
        pytest.param(lambda: noise(300), {"not_a_digit", "several_digits"}, id="noise"),
    ],
)
def test_what_is_not_one_digit_has_a_reason(
    draw: Callable[[], Image.Image], reasons: set[str]
) -> None:
    reading = read_picture(draw())

    assert reading.reason in {Reason(reason) for reason in reasons}


def test_an_empty_ruled_page_is_not_known() -> None:
    assert read_picture(empty_ruled_page()).reason is not None


def test_one_digit_has_no_reason() -> None:
    assert read_picture(pictures.five()).reason is None


def five_cut_close() -> Image.Image:
    """No border is left, and the levels are a scanner's: no two pixels are alike."""
    page = pictures.five(pen=8).convert("L")
    ink = Image.eval(page, lambda level: 255 if level < 128 else 0)
    grain = np.random.default_rng(4).normal(1, 0.02, (192, 128))
    cut = page.crop(ink.getbbox()).resize((128, 192)).convert("RGB")
    return pictures.times(cut, np.clip(0.9 * grain, 0, 1))


def test_a_digit_that_the_picture_is_cut_close_around_has_no_reason() -> None:
    reading = read_picture(five_cut_close())
    assert reading.reason is None
    assert reading.box is not None
    assert reading.box.height > 185


def test_a_shadow_from_edge_to_edge_is_no_digit_that_was_cut_close_around() -> None:
    page = Image.new("RGB", (360, 300), pictures.WHITE)
    light = np.ones((300, 360))
    light[:, 170:200] = 0.6
    grain = np.random.default_rng(0).normal(1, 0.01, light.shape)
    reading = read_picture(pictures.times(page, np.clip(light * grain, 0, 1)))
    assert reading.reason == Reason.NOT_A_DIGIT
