"""The lines and squares of ruled paper, taken out of the ink."""

import cv2
import numpy as np
from numpy.typing import NDArray

from app.vision.pixels import Levels
from app.vision.strokes import FAINTEST, Box, Mask, Strokes

# A ruled line runs from edge to edge, which no digit within its margins does.
EDGE = 0.1
LEAST_SPAN = 0.6
# Pieces of a line that a camera held at an angle still sees as straight.
SEGMENT = 0.22
ANGLES = (-12, -9, -6, -3, 0, 3, 6, 9, 12)
# Thicker than this, in pixels of 320, is written and not printed.
THICKEST = 7
# Where a stroke crosses a line there is the ink of both.
CROSSING = 1.5
SPREAD = 5
FLOOR_FACTOR = 0.7


def ruled_lines(strokes: Strokes) -> Mask | None:
    """Return 1 where ruled lines lie and nothing is written; None without lines."""
    if not any(spans(part.box, strokes.labels.shape) for part in strokes.parts):
        return None
    levels = strokes.ink.levels
    floor = FLOOR_FACTOR * FAINTEST
    found = np.maximum(
        straight(levels, floor, upright=False), straight(levels, floor, upright=True)
    )
    square = np.ones((SPREAD, SPREAD), np.uint8)
    lines = np.asarray(cv2.dilate(found, square), np.float32)
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (THICKEST, THICKEST))
    thick = np.asarray(cv2.morphologyEx(levels, cv2.MORPH_OPEN, disk), np.float32)
    is_written = (levels > CROSSING * lines) | (thick > levels / 2)
    printed = (lines > 0) & ~is_written
    return printed.astype(np.uint8) if printed.any() else None


def spans(box: Box, shape: tuple[int, ...]) -> bool:
    height, width = shape
    across = box.left < EDGE * width and box.right > (1 - EDGE) * width
    down = box.top < EDGE * height and box.bottom > (1 - EDGE) * height
    return across or down


def straight(levels: Levels, floor: float, *, upright: bool) -> Levels:
    """Return what is left of long straight segments in about one direction."""
    length = round(SEGMENT * max(levels.shape)) | 1
    response = np.zeros_like(levels)
    for angle in ANGLES:
        kernel = segment(length, angle + 90 * upright)
        opened = np.asarray(cv2.morphologyEx(levels, cv2.MORPH_OPEN, kernel))
        np.maximum(response, opened, out=response)
    mask = (response > floor).astype(np.uint8)
    _count, labels, stats, _centres = cv2.connectedComponentsWithStats(mask)
    is_long = long_ones(np.asarray(stats, np.int32), levels.shape, upright=upright)
    return np.where(is_long[labels], response, 0).astype(np.float32)


def long_ones(
    stats: NDArray[np.int32], shape: tuple[int, ...], *, upright: bool
) -> NDArray[np.bool_]:
    side = shape[0 if upright else 1]
    start = stats[:, cv2.CC_STAT_TOP if upright else cv2.CC_STAT_LEFT]
    extent = stats[:, cv2.CC_STAT_HEIGHT if upright else cv2.CC_STAT_WIDTH]
    reaches_edge = (start < EDGE * side) | (start + extent > (1 - EDGE) * side)
    is_long = (extent > LEAST_SPAN * side) & reaches_edge
    is_long[0] = False
    return is_long


def segment(length: int, angle: float) -> Mask:
    kernel = np.zeros((length, length), np.uint8)
    middle = length // 2
    across = middle * np.cos(np.radians(angle))
    down = middle * np.sin(np.radians(angle))
    start = (round(middle - across), round(middle - down))
    end = (round(middle + across), round(middle + down))
    return np.asarray(cv2.line(kernel, start, end, 1), np.uint8)
