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
    image = opaque(image, longest)
    if image.mode != "L":
        # CMYK and palettes go to L by way of RGB, so that all modes agree.
        image = image.convert("RGB").convert("L")
    return fit_within(np.asarray(image), longest)


def opaque(image: Image.Image, longest: int) -> Image.Image:
    """Return a picture of 8 bits that nothing shines through, not much too large."""
    if image.mode.startswith(("I", "F")):
        image = Image.fromarray(eight_bits(np.asarray(image, np.float64)))
    return without_alpha(shrunk(image, longest))


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
        Image.alpha_composite(Image.new("RGBA", image.size, paper), image)
        for paper in ("white", "black")
    ]
    shown = max(laid, key=lambda one: float(np.asarray(one.convert("L")).std()))
    return shown.convert("RGB")


def fit_within(pixels: Pixels, longest: int) -> Pixels:
    """Scale down, by areas, so that the longer side is at most this long."""
    height, width = sides_within(pixels.shape[:2], longest)
    if (height, width) == pixels.shape[:2]:
        return pixels
    scaled = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(scaled, np.uint8)


def sides_within(sides: tuple[int, ...], longest: int) -> tuple[int, int]:
    """Return height and width with their aspect kept, at most this long."""
    factor = min(1.0, longest / max(sides))
    height, width = (max(1, round(side * factor)) for side in sides)
    return height, width


def enlarged(grey: Pixels) -> Pixels:
    """Scale a small picture up by a whole factor, smoothly."""
    height, width = grey.shape
    if max(grey.shape) >= SMALL_SIDE:
        return grey
    factor = -(-ENLARGED_SIDE // max(grey.shape))
    size = (width * factor, height * factor)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_CUBIC), np.uint8)
