"""A picture of anything to 28x28: grey, resampled, and nothing sought in it."""

import cv2
import numpy as np
from PIL import Image

from app.vision.grey import to_grey
from app.vision.pixels import SIDE, Pixels

LONGEST_SIDE = 2048


def plain(image: Image.Image) -> Pixels:
    """Fit a picture into 28x28 with its aspect kept, amid its own background.

    Larger pictures are averaged by areas, smaller ones interpolated. The background is
    the median of the border. What is 28x28 passes to the bit.
    """
    grey = to_grey(image, LONGEST_SIDE)
    if grey.shape == (SIDE, SIDE):
        return grey
    factor = SIDE / max(grey.shape)
    height, width = (max(1, round(side * factor)) for side in grey.shape)
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(grey, (width, height), interpolation=method)
    border = np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))
    placed = np.full((SIDE, SIDE), np.median(border), np.uint8)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    placed[top : top + height, left : left + width] = scaled
    return placed
