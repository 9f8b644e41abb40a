"""A picture of a digit to what a network will see of it, 28x28 as MNIST has them."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PIL import Image

from app.spec import GREY_28, ImageShape
from app.vision.colour import to_levels
from app.vision.gates import Reason, gate, gate_pixels
from app.vision.grey import to_grey
from app.vision.mnist_form import mnist_form
from app.vision.page import LONGEST_SIDE, find_writing, page_of, read_well
from app.vision.pixels import SIDE, Levels, Pixels, Polarity
from app.vision.placing import draw, place
from app.vision.plain import plain
from app.vision.strokes import Box

CLEAN_INK = 0.2  # of the strongest: what is fainter is a smudge or JPEG's ringing
LONGEST_CLEAN_SIDE = 2048


class Mode(StrEnum):
    """How a picture becomes the pixels that a network sees."""

    AUTO = "auto"
    MNIST = "mnist"
    NONE = "none"
    PLAIN = "plain"

    def can_read(self, shape: ImageShape) -> bool:
        """Whether it makes pictures of a shape."""
        return shape == GREY_28 or not self.makes_digits

    @property
    def makes_digits(self) -> bool:
        """Whether it seeks ink: what it makes is 28x28 in grey then."""
        return self not in (Mode.NONE, Mode.PLAIN)


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network will see of a picture, and what was found on the way."""

    pixels: Pixels
    polarity: Polarity | None = None
    box: Box | None = None
    reason: Reason | None = None

    @property
    def ink_fraction(self) -> float:
        """The share of the pixels that is covered with ink."""
        return float(self.pixels.mean()) / 255


def to_pixels(image: Image.Image, mode: Mode = Mode.AUTO) -> Pixels:
    return read_picture(image, mode).pixels


def read_picture(
    image: Image.Image, mode: Mode = Mode.AUTO, shape: ImageShape = GREY_28
) -> Reading:
    """Return a picture of one digit as MNIST would hold it: (28, 28), bright on 0.

    `auto` reads photos, `mnist` only crops, scales and centres clean pictures; both
    pass what has MNIST's form, and know no other shape. `none` only resizes to the
    shape and its colours, as `plain` does with the aspect kept.
    """
    if mode is Mode.NONE:
        return Reading(resized(image, shape))
    if mode is Mode.PLAIN:
        return Reading(plain(image, shape))
    if image.size == (SIDE, SIDE):
        pixels = mnist_form(to_grey(image, LONGEST_SIDE))
        if pixels is not None:
            whole = Box(0, 0, SIDE, SIDE)
            return Reading(pixels, "light_on_dark", whole, gate_pixels(pixels))
    return read_clean(image) if mode is Mode.MNIST else read_photo(image)


def read_photo(image: Image.Image) -> Reading:
    page = page_of(image)
    writing = find_writing(page)
    if writing is None:
        return Reading(np.zeros((SIDE, SIDE), np.uint8), reason=Reason.NO_INK)
    strokes, digit = read_well(writing, writing.digit)
    pixels = draw(strokes, digit)
    reason = gate(writing) or gate_pixels(pixels)
    box = page.in_picture(writing.digit.box)
    return Reading(pixels, strokes.ink.polarity, box, reason)


def read_clean(image: Image.Image) -> Reading:
    """Crop to whatever differs from the border, in one go and without questions."""
    grey = to_grey(image, LONGEST_CLEAN_SIDE)
    border = np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))
    difference = grey - np.float32(np.median(border))
    is_dark = -difference.min() > difference.max()
    ink: Levels = np.maximum(-difference if is_dark else difference, np.float32(0))
    rows, columns = np.nonzero(ink > CLEAN_INK * max(float(ink.max()), 1.0))
    if rows.size == 0:
        return Reading(np.zeros((SIDE, SIDE), np.uint8), reason=Reason.NO_INK)
    box = Box(*map(int, (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)))
    crop = ink[box.top : box.bottom, box.left : box.right] / ink.max()
    polarity: Polarity = "dark_on_light" if is_dark else "light_on_dark"
    return Reading(place(np.ascontiguousarray(crop)), polarity, box)


def resized(image: Image.Image, shape: ImageShape) -> Pixels:
    channels, height, width = shape
    levels = Image.fromarray(to_levels(image, channels, max(image.size)))
    return np.asarray(levels.resize((width, height), Image.Resampling.BILINEAR))
