"""The one shape that all images of a dataset get: asked for, or found by a rule.

Digits are 28x28 in grey. Else the size is the commonest of the images; of equally
common ones that with the most pixels; a too large one is scaled down with its aspect
kept. There is colour if any image has some. A client may choose both instead.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.dataset_report import ShapeReport
from app.spec import GREY_28, Colour, ImageShape, array_shape
from app.vision.colour import (
    COLOURS,
    LEAST_SPREAD,
    colours_of,
    grey_of,
    may_have_colour,
    spread_of,
    to_levels,
)
from app.vision.grey import fit_within, sides_within
from app.vision.pixels import Pixels
from app.vision.plain import LONGEST_SIDE, fitted
from app.vision.reading import Mode, to_pixels

Sides = tuple[int, int]  # height, width

DIGITS = ShapeReport(shape=GREY_28, size_from="digits", colour_from="digits")


@dataclass(frozen=True)
class Wish:
    """What is asked of the shape, and the longest side of what nobody chose."""

    mode: Mode
    sides: Sides | None
    colour: Colour
    longest: int


@dataclass(frozen=True, eq=False)
class Seen:
    """A picture made small, and whether it shows colour."""

    pixels: Pixels
    is_coloured: bool = False


def see(image: Image.Image, wish: Wish) -> Seen:
    """Make a picture as small as it may be before all others are known."""
    if wish.mode.makes_digits:
        return Seen(to_pixels(image, wish.mode))
    may_stay = wish.colour != "grey" and may_have_colour(image)
    levels = to_levels(image, COLOURS if may_stay else 1, LONGEST_SIDE)
    if wish.sides is None:
        small = fit_within(levels, wish.longest)
    else:
        small = fitted(levels, wish.sides)
    spread = spread_of(small) if may_stay else 0
    if may_stay and spread == 0:
        small = np.ascontiguousarray(small[:, :, 0])
    return Seen(small, spread > LEAST_SPREAD)


def find_shape(wish: Wish, sizes: Counter[Sides], coloured: int) -> ShapeReport:
    """Say which shape all get; sizes are those of the pictures as they came."""
    if wish.mode.makes_digits:
        return DIGITS
    commonest = max(
        sizes, key=lambda one: (sizes[one], one[0] * one[1], one), default=(1, 1)
    )
    sides = wish.sides or sides_within(commonest, wish.longest)
    found = "commonest" if sides == commonest else "commonest_reduced"
    in_colour = coloured > 0 if wish.colour == "auto" else wish.colour == "rgb"
    return ShapeReport.model_validate(
        {
            "shape": (COLOURS if in_colour else 1, *sides),
            "size_from": found if wish.sides is None else "given",
            "colour_from": "found" if wish.colour == "auto" else "given",
            "coloured": None if wish.colour == "grey" else coloured,
            "resized": sum(n for size, n in sizes.items() if size != sides),
        }
    )


def in_shape(
    pixels: bytearray, shapes: Sequence[tuple[int, ...]], shape: ImageShape
) -> NDArray[np.uint8]:
    """Return all images, (N, H, W) or (N, H, W, 3), from what was kept of each."""
    channels, height, width = shape
    wanted = array_shape(shape)
    if set(shapes) <= {wanted}:
        return np.frombuffer(pixels, np.uint8).reshape(-1, *wanted)
    images = np.empty((len(shapes), *wanted), np.uint8)
    start = 0
    for place, kept in enumerate(shapes):
        count = int(np.prod(kept))
        one = np.frombuffer(pixels, np.uint8, count, start).reshape(kept)
        start += count
        images[place] = with_channels(fitted(one, (height, width)), channels)
    return images


def with_channels(pixels: Pixels, channels: int) -> Pixels:
    is_grey = pixels.ndim == len(("height", "width"))
    if is_grey == (channels == 1):
        return pixels
    return colours_of(pixels) if is_grey else grey_of(pixels)
