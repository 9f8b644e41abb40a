"""Pictures of any mode to red, green and blue, and whether they have any colour."""

import numpy as np
from PIL import Image

from app.vision.grey import fit_within, opaque, to_grey
from app.vision.pixels import Pixels

GREY_MODES = ("L", "1", "I", "F", "LA", "La")
COLOURS = 3
# Of 255, between the channels of a pixel: what a JPEG of a grey picture stays below.
LEAST_SPREAD = 16


def to_levels(image: Image.Image, channels: int, longest: int) -> Pixels:
    """Return grey levels (H, W) or colours (H, W, 3), no side above longest."""
    return to_grey(image, longest) if channels == 1 else to_rgb(image, longest)


def to_rgb(image: Image.Image, longest: int) -> Pixels:
    """Return colours (H, W, 3); depth and transparency are settled as in grey."""
    shown = opaque(image, longest).convert("RGB")
    return fit_within(np.asarray(shown), longest)


def may_have_colour(image: Image.Image) -> bool:
    return not image.mode.startswith(GREY_MODES)


def spread_of(pixels: Pixels) -> int:
    """Return how far the channels of a pixel lie apart, at most."""
    lowest, highest = pixels.min(axis=2), pixels.max(axis=2)
    return int((highest - lowest).max(initial=0))


def grey_of(pixels: Pixels) -> Pixels:
    """Return grey levels (H, W) of colours (H, W, 3), as `to_grey` weighs them."""
    return np.asarray(Image.fromarray(pixels).convert("L"))


def colours_of(pixels: Pixels) -> Pixels:
    """Return grey levels (H, W) three times, (H, W, 3)."""
    return np.repeat(pixels[:, :, np.newaxis], COLOURS, axis=2)
