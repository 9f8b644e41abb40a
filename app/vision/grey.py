"""Pictures of any mode to grey levels; depth, transparency, size are settled."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.vision.pixels import Pixels

# Integers come from files of 16 bits, but many hold 8 or 12: MNIST saved from an
# int32 array, or what a scanner measured. The largest level tells.
DEPTHS = (255, 4095, 65535)
# Strokes of an 8x8 digit are one pixel wide: enlarged, they have parts and widths.
SMALL_SIDE = 90
ENLARGED_SIDE = 112


def to_grey(image: Image.Image, longest: int) -> Pixels:
    """Return grey levels (H, W) with no side above longest; see-through is paper."""
    if image.mode.startswith(("I", "F")):
        image = Image.fromarray(eight_bits(np.asarray(image, np.float64)))
    image = without_alpha(shrunk(image, longest))
    if image.mode != "L":
        # CMYK and palettes go to L by way of RGB, so that all modes agree.
        image = image.convert("RGB").convert("L")
    return fit_within(np.asarray(image), longest)


def eight_bits(levels: NDArray[np.float64]) -> Pixels:
    largest = levels.max(initial=0)
    depth = next((depth for depth in DEPTHS if largest <= depth), DEPTHS[-1])
    return np.clip(levels * (255 / depth), 0, 255).astype(np.uint8)


def shrunk(image: Image.Image, longest: int) -> Image.Image:
    """Average whole blocks first: all that follows is then done on few pixels."""
    factor = max(image.size) // longest
    if factor <= 1:
        return image
    if image.mode in {"1", "P"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.reduce(factor)


def without_alpha(image: Image.Image) -> Image.Image:
    """Lay a see-through picture on white or on black, where more of it shows.

    A canvas may hold black strokes on nothing or white ones: on the wrong paper
    nothing would be left of them.
    """
    if not image.has_transparency_data:
        return image
    image = image.convert("RGBA")
    laid = [
        Image.alpha_composite(Image.new("RGBA", image.size, paper), image).convert("L")
        for paper in ("white", "black")
    ]
    return max(laid, key=lambda grey: float(np.asarray(grey).std()))


def fit_within(grey: Pixels, longest: int) -> Pixels:
    """Scale down, by areas, so that the longer side is at most this long."""
    factor = longest / max(grey.shape)
    if factor >= 1:
        return grey
    height, width = (max(1, round(side * factor)) for side in grey.shape)
    scaled = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(scaled, np.uint8)


def enlarged(grey: Pixels) -> Pixels:
    """Scale a small picture up by a whole factor, smoothly."""
    height, width = grey.shape
    if max(grey.shape) >= SMALL_SIDE:
        return grey
    factor = -(-ENLARGED_SIDE // max(grey.shape))
    size = (width * factor, height * factor)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_CUBIC), np.uint8)
