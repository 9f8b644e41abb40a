"""Pictures of a five as people send them, each hard in one way."""

from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]

WHITE: Colour = (250, 250, 248)
BLACK: Colour = (25, 25, 30)
STROKES = ([(170, 90), (110, 90), (104, 150)], [(104, 150), (150, 148), (172, 180)])
FOOT = [(172, 180), (168, 222), (130, 238), (96, 222)]


def five(
    ink: Colour = BLACK, paper: Colour = WHITE, pen: int = 14, *, broken: bool = False
) -> Image.Image:
    """Draw a five on a page of 360x300, to the left of the middle."""
    image = Image.new("RGB", (360, 300), paper)
    draw_five(image, ink, pen, broken=broken)
    return image


def draw_five(
    image: Image.Image, ink: Colour | int, pen: int, *, broken: bool = False
) -> None:
    draw = ImageDraw.Draw(image)
    bar = [(172, 88), (116, 88)] if broken else STROKES[0][:2]
    draw.line(bar, fill=ink, width=pen)
    stem = [(106, 108), (104, 150)] if broken else STROKES[0][1:]
    for line in (stem, STROKES[1], FOOT):
        draw.line(line, fill=ink, width=pen, joint="curve")


def ruled(colour: Colour = (120, 150, 205), step: int = 44) -> Image.Image:
    page = Image.new("RGB", (360, 300), WHITE)
    draw = ImageDraw.Draw(page)
    for row in range(20, 300, step):
        draw.line([(0, row), (360, row + 6)], fill=colour, width=2)
    draw_five(page, BLACK, 14)
    return page


def squared() -> Image.Image:
    page = ruled(step=30)
    draw = ImageDraw.Draw(page)
    for column in range(10, 360, 30):
        draw.line([(column, 0), (column - 4, 300)], fill=(120, 150, 205), width=2)
    draw_five(page, BLACK, 14)
    return page


def held_at_an_angle() -> Image.Image:
    corners = np.asarray([(0, 0), (360, 0), (360, 300), (0, 300)], np.float32)
    moved = np.asarray([(30, 10), (350, 30), (330, 290), (4, 270)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    levels = np.asarray(squared())
    seen = cv2.warpPerspective(
        levels, matrix, (360, 300), borderMode=cv2.BORDER_REPLICATE
    )
    return Image.fromarray(np.asarray(seen, np.uint8))


def on_a_table() -> Image.Image:
    table = Image.new("RGB", (460, 400), (62, 44, 34))
    table.paste(five(), (50, 50))
    return table


def times(image: Image.Image, light: NDArray[np.float64]) -> Image.Image:
    levels = np.asarray(image) * light[:, :, None]
    return Image.fromarray(levels.round().astype(np.uint8))


def in_half_a_shadow() -> Image.Image:
    light = np.where(np.arange(360) > 140, 1.0, 0.45)
    return times(five(), np.tile(light, (300, 1)))


def beside_a_shadow(paper: Colour, *corners: tuple[int, int]) -> Image.Image:
    """Return a page of even paper, on which falls a hard shadow of these corners."""
    shape = Image.new("L", (360, 300), 255)
    ImageDraw.Draw(shape).polygon(corners, fill=115)
    return grainy(times(five(paper=paper), np.asarray(shape) / 255), noise=1)


def half_in_a_round_shadow() -> Image.Image:
    light = Image.new("L", (360, 300), 255)
    ImageDraw.Draw(light).ellipse((120, 150, 330, 500), fill=90)
    return grainy(times(five(), np.asarray(light) / 255))


def faint_beside_a_dark_corner() -> Image.Image:
    page = five((190, 190, 195))
    draw = ImageDraw.Draw(page)
    draw.rectangle((340, 0, 360, 299), fill=BLACK)
    draw.polygon([(300, 299), (360, 200), (360, 299)], fill=BLACK)
    return grainy(page)


def under_a_bar() -> Image.Image:
    page = five()
    ImageDraw.Draw(page).rectangle((90, 0, 180, 66), fill=(120, 120, 118))
    return grainy(page)


def grainy(page: Image.Image, noise: float = 3) -> Image.Image:
    levels = np.asarray(page, np.float64)
    grain = np.random.default_rng(0).normal(0, noise, levels.shape)
    return Image.fromarray(np.clip(levels + grain, 0, 255).astype(np.uint8))


def in_fading_light() -> Image.Image:
    return times(five(), np.tile(np.linspace(1, 0.35, 360), (300, 1)))


def at_quality_30() -> Image.Image:
    file = BytesIO()
    five().save(file, "JPEG", quality=30)
    return Image.open(file)


def with_noise() -> Image.Image:
    return grainy(five(), noise=9)


def with_dirt() -> Image.Image:
    page = five()
    draw = ImageDraw.Draw(page)
    for column, row in ((30, 40), (300, 60), (320, 250), (50, 270), (250, 140)):
        draw.ellipse((column, row, column + 5, row + 5), fill=BLACK)
    return page


def near_the_border() -> Image.Image:
    return five().crop((84, 70, 400, 330))


def on_nothing(level: int) -> Image.Image:
    """Return a canvas: strokes of one grey on full transparency."""
    canvas = Image.new("RGBA", (360, 300), (level, level, level, 0))
    draw = ImageDraw.Draw(canvas)
    for line in (*STROKES, FOOT):
        draw.line(line, fill=(level, level, level, 255), width=14, joint="curve")
    return canvas


def large() -> Image.Image:
    return with_noise().resize((4000, 3000), Image.Resampling.BICUBIC)


HARD: dict[str, Callable[[], Image.Image]] = {
    "ruled paper": ruled,
    "dark ruled lines": lambda: ruled((90, 100, 140)),
    "squared paper": squared,
    "perspective on squares": held_at_an_angle,
    "a table around the paper": on_a_table,
    "a hard shadow across it": in_half_a_shadow,
    "a shadow on dark even paper": lambda: beside_a_shadow(
        (150, 130, 110), (200, 0), (360, 0), (360, 70), (280, 100), (200, 70)
    ),
    "a shadow's corner": lambda: beside_a_shadow(WHITE, (230, 0), (360, 0), (360, 200)),
    "half a round shadow across it": half_in_a_round_shadow,
    "faint beside a dark corner": faint_beside_a_dark_corner,
    "under a bar from the border": under_a_bar,
    "fading light": in_fading_light,
    "JPEG at quality 30": at_quality_30,
    "noise": with_noise,
    "specks of dirt": with_dirt,
    "near the border": near_the_border,
    "black on nothing": lambda: on_nothing(0),
    "white on nothing": lambda: on_nothing(255),
    "a thin pen": lambda: five(pen=3),
    "a thick marker": lambda: five(pen=24),
    "white chalk": lambda: five((235, 235, 230), (28, 52, 38)),
    "blue ink": lambda: five((40, 60, 150)),
    "red ink": lambda: five((190, 50, 50)),
    "green ink on cream": lambda: five((40, 120, 70), (244, 236, 214)),
    "pencil on grey": lambda: five((120, 120, 122), (205, 203, 198)),
    "blue on yellow": lambda: five((30, 50, 140), (250, 240, 150)),
    "black on packing paper": lambda: five(BLACK, (190, 158, 116)),
    "broken in two": lambda: five(broken=True),
    "twelve megapixels": large,
    "16 bits": lambda: Image.fromarray(
        np.asarray(five().convert("L"), np.uint16) * 257
    ),
    "a palette": lambda: five().convert("P"),
    "CMYK": lambda: five().convert("CMYK"),
    "grey with alpha": lambda: five().convert("LA"),
    "one bit": lambda: five().convert("1"),
    "tiny": lambda: five().resize((45, 38), Image.Resampling.LANCZOS),
}
