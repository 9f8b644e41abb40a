"""What is paper and what is a shadow on it, before anything is taken for ink."""

import numpy as np
import pytest

from app.vision.digits import edge_support
from app.vision.ink import Ink, steps_of
from app.vision.paper import flat_paper, paper_under, shadowed_paper
from app.vision.pixels import Levels, Pixels
from app.vision.strokes import find_strokes

PAPER, SHADOW, INK = 5.5, 4.9, 4.0  # in logarithms
WIDE, NARROW = 45, 15


def with_a_shadows_corner() -> Levels:
    """Return a page with a shadow below a diagonal, and a stroke beside it."""
    rows, columns = np.mgrid[:200, :200]
    page = np.where(rows + columns > 200, np.float32(SHADOW), np.float32(PAPER))
    page[rows < columns - 120] = PAPER
    page[20:100, 20:28] = INK
    return page.astype(np.float32)


def page_of(ink: int, *, noise: float = 0.0, shadow: float = 1.0) -> Pixels:
    levels = np.full((120, 120), 200.0)
    levels[30:90, 30:38] = ink
    levels[20:80, 60:110] *= shadow
    levels += np.random.default_rng(0).normal(0, noise, levels.shape)
    return levels.clip(0, 255).astype(np.uint8)


def test_a_shadows_corner_is_paper_in_the_shade() -> None:
    page = with_a_shadows_corner()

    filled = paper_under(page, "dark_on_light", WIDE) - page
    shaded = shadowed_paper(page, "dark_on_light", WIDE, NARROW) - page

    in_shadow = page == np.float32(SHADOW)
    assert (filled[in_shadow] > 0.5).sum() > 4 * (shaded[in_shadow] > 0.5).sum()


def test_a_stroke_stays_ink_beside_a_shadow() -> None:
    page = with_a_shadows_corner()

    shaded = shadowed_paper(page, "dark_on_light", WIDE, NARROW) - page

    assert (shaded[page == INK] > 1).all()


def test_chalk_on_a_board_sees_the_same() -> None:
    page = with_a_shadows_corner()

    dark = shadowed_paper(page, "dark_on_light", WIDE, NARROW)
    light = shadowed_paper(-page, "light_on_dark", WIDE, NARROW)

    np.testing.assert_array_equal(dark, -light)


def test_a_stroke_has_an_edge_all_around_and_a_piece_of_shadow_has_not() -> None:
    page = with_a_shadows_corner()
    levels = paper_under(page, "dark_on_light", WIDE) - page
    strokes = find_strokes(Ink(levels, "dark_on_light", 0.0, steps_of(page)))

    support = {part.box.left: edge_support(strokes, part) for part in strokes.parts}

    stroke = support.pop(20)
    assert stroke == 1
    assert support
    assert max(support.values()) < 0.9


@pytest.mark.parametrize(("ink", "noise"), [(20, 1.0), (170, 0.0)])
def test_what_no_camera_took_has_one_level_of_paper(ink: int, noise: float) -> None:
    assert flat_paper(page_of(ink, noise=noise)) == pytest.approx(200, abs=1)


@pytest.mark.parametrize("ink", [20, 120])
def test_a_shadow_on_even_paper_is_a_photos(ink: int) -> None:
    assert flat_paper(page_of(ink, noise=1.0, shadow=0.5)) is None


def test_faint_ink_on_even_paper_with_noise_is_a_photos() -> None:
    assert flat_paper(page_of(120, noise=1.0)) is None
