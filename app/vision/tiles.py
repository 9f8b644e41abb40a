"""Numbers as pictures: small tiles in rows, black for 0, white above, blue below."""

from dataclasses import dataclass
from io import BytesIO
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.vision.preprocessing import Numbers

ZERO = 127  # in the palette; 254 is the largest number, 0 the most negative
GAP = 255
BLUE = (91, 140, 255)
GAMMA = 0.6  # most numbers are small beside the largest, and would be too dark to see
WIDER = 2  # sheets are wider than high by this
LONGEST_ROW = 32  # so few single pixels lie in one row


@dataclass(frozen=True)
class Sheet:
    """A PNG file of tiles with a pixel for each number, and how they lie."""

    png: bytes
    columns: int
    rows: int
    low: float
    high: float


def sheet_of(tiles: Numbers, columns: int | None = None) -> Sheet:
    """Lay tiles (N, height, width) out row by row; 1x1 tiles lie without gaps.

    What is no finite number, as in a network that diverged, shows as 0.
    """
    tiles = np.where(np.isfinite(tiles), tiles, np.float32(0))
    count, height, width = tiles.shape
    gap = int(max(height, width) > 1)
    columns = columns or (count if count <= LONGEST_ROW and not gap else wide(tiles))
    rows = ceil(count / columns)
    paper = np.full((rows * (height + gap), columns * (width + gap)), GAP, np.uint8)
    for place, levels in enumerate(levels_of(tiles)):
        row, column = divmod(place, columns)
        top, left = row * (height + gap), column * (width + gap)
        paper[top : top + height, left : left + width] = levels
    paper = paper[: paper.shape[0] - gap, : paper.shape[1] - gap]
    return Sheet(png_of(paper), columns, rows, float(tiles.min()), float(tiles.max()))


def wide(tiles: Numbers) -> int:
    count, height, width = map(int, tiles.shape)
    return min(count, ceil(sqrt(WIDER * count * height / width)))


def levels_of(tiles: Numbers) -> NDArray[np.uint8]:
    """Map numbers to places in the palette, as strong as the largest of them all."""
    largest = float(np.abs(tiles).max()) or 1.0
    levels: NDArray[np.uint8] = np.rint(tiles / largest * ZERO + ZERO).astype(np.uint8)
    return levels


def png_of(levels: NDArray[np.uint8]) -> bytes:
    image = Image.fromarray(levels)
    image.putpalette(palette())
    file = BytesIO()
    image.save(file, "PNG", transparency=GAP)
    return file.getvalue()


def palette() -> bytes:
    strength = (np.arange(ZERO + 1)[:, np.newaxis] / ZERO) ** GAMMA
    above = np.rint(strength * 255) * (1, 1, 1)
    below = np.rint(strength * BLUE)
    colours = np.vstack((below[:0:-1], above, np.zeros((1, 3))))
    return colours.astype(np.uint8).tobytes()
