"""Which pixels a network's answer rests on: hide a patch, see what it loses.

Occlusion (Zeiler and Fergus, 2014). It asks the network that answers, as it is, and
needs no gradients.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.vision.pixels import SIDE, Pixels

PATCH = 6  # two strokes wide: less hides too little of one to change a mind
STEP = 2
BACKGROUND = 0
LEAST_PROBABILITY = 1e-12
STRONGEST = 255
PLACES = range(0, SIDE - PATCH + 1, STEP)

Window = tuple[slice, slice]


def windows(pixels: Pixels) -> list[Window]:
    """Return each place of the patch that hides anything; the others change nothing."""
    return [window for window in all_windows() if pixels[window].any()]


def all_windows() -> Iterator[Window]:
    for top in PLACES:
        for left in PLACES:
            yield slice(top, top + PATCH), slice(left, left + PATCH)


def hidden(pixels: Pixels, window: Window) -> Pixels:
    copy = pixels.copy()
    copy[window] = BACKGROUND
    return copy


def saliency_map(before: float, places: Sequence[Window], after: list[float]) -> Pixels:
    """Return how much the label's log-probability falls where a pixel is hidden.

    The mean over the patches that cover the pixel; 255 is the largest fall, 0 none or
    a gain. All is 0 where nothing that can be hidden speaks for the label.
    """
    falls: NDArray[np.float64] = np.zeros((SIDE, SIDE))
    covered: NDArray[np.float64] = np.zeros((SIDE, SIDE))
    for window in all_windows():
        covered[window] += 1
    for window, probability in zip(places, after, strict=True):
        falls[window] += log_of(before) - log_of(probability)
    means = np.maximum(falls / covered, 0)
    strongest = float(means.max())
    scale = STRONGEST / strongest if strongest > 0 else 0.0
    return np.rint(means * scale).astype(np.uint8)


def log_of(probability: float) -> float:
    return math.log(max(probability, LEAST_PROBABILITY))
