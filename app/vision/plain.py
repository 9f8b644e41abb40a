"""A picture of anything to a network's shape: resampled, and nothing sought in it."""

import cv2
import numpy as np
from PIL import Image

from app.spec import GREY_28, ImageShape
from app.vision.colour import to_levels
from app.vision.pixels import Pixels

LONGEST_SIDE = 2048


def plain(image: Image.Image, shape: ImageShape = GREY_28) -> Pixels:
    """Fit a picture into a shape with its aspect kept, amid its own background."""
    channels, *sides = shape
    return fitted(to_levels(image, channels, LONGEST_SIDE), (sides[0], sides[1]))


def fitted(pixels: Pixels, sides: tuple[int, int]) -> Pixels:
    """Fit pixels into height and width.

    Larger pictures are averaged by areas, smaller ones interpolated. The background is
    the median of the border. What has the size already passes to the bit.
    """
    if pixels.shape[:2] == sides:
        return pixels
    factor = min(
        wanted / side for wanted, side in zip(sides, pixels.shape[:2], strict=True)
    )
    height, width = (max(1, round(side * factor)) for side in pixels.shape[:2])
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(pixels, (width, height), interpolation=method)
    border = np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
    ground = np.median(border, axis=0)
    placed = np.full((*sides, *pixels.shape[2:]), ground, np.uint8)
    top, left = (sides[0] - height) // 2, (sides[1] - width) // 2
    placed[top : top + height, left : left + width] = scaled
    return placed
