"""Which pixels a network's answer rests on: hide a patch, see what it loses.

Occlusion (Zeiler and Fergus, 2014). It asks the network that answers, as it is, and
needs no gradients.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.vision.pixels import SIDE, Pixels

# Of 28 pixels: two strokes wide, since less hides too little of one to change a mind.
PATCH = 6
STEP = 2
BACKGROUND = 0
LEAST_PROBABILITY = 1e-12
STRONGEST = 255

Window = tuple[slice, slice]


def windows(pixels: Pixels) -> list[Window]:
    """Return each place of the patch that hides anything; the others change nothing."""
    sides = pixels.shape[0], pixels.shape[1]
    return [window for window in all_windows(sides) if pixels[window].any()]


def all_windows(sides: tuple[int, int]) -> Iterator[Window]:
    rows, columns = map(spans, sides)
    for row in rows:
        for column in columns:
            yield row, column


def spans(side: int) -> list[slice]:
    """Return where the patch stands along a side; together they cover all of it."""
    length, step = (max(1, round(part * side / SIDE)) for part in (PATCH, STEP))
    starts = [*range(0, side - length, step), side - length]
    return [slice(start, start + length) for start in starts]


def hidden(pixels: Pixels, window: Window) -> Pixels:
    copy = pixels.copy()
    copy[window] = BACKGROUND
    return copy


def saliency_map(
    pixels: Pixels, before: float, places: Sequence[Window], after: list[float]
) -> Pixels:
    """Return how much the label's log-probability falls where a pixel is hidden.

    The mean over the patches that cover the pixel; 255 is the largest fall, 0 none or
    a gain: (H, W). All is 0 where nothing that can be hidden speaks for the label.
    """
    sides = pixels.shape[0], pixels.shape[1]
    falls: NDArray[np.float64] = np.zeros(sides)
    covered: NDArray[np.float64] = np.zeros(sides)
    for window in all_windows(sides):
        covered[window] += 1
    for window, probability in zip(places, after, strict=True):
        falls[window] += log_of(before) - log_of(probability)
    means = np.maximum(falls / covered, 0)
    strongest = float(means.max())
    scale = STRONGEST / strongest if strongest > 0 else 0.0
    return np.rint(means * scale).astype(np.uint8)


def log_of(probability: float) -> float:
    return math.log(max(probability, LEAST_PROBABILITY))
