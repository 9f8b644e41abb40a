"""Grey levels to ink: how much darker, or brighter, than its paper each pixel is."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from app.vision.pixels import Pixels

Levels = NDArray[np.float32]
Polarity = Literal["dark_on_light", "light_on_dark"]

# Flat is what no camera took: a canvas, a scan, a data set. Of 1,797 8x8 digits
# enlarged, 1,390 font digits and 1,000 scanned ones 99 % have 28 % of all pixels
# and 62 % of the border at one level, and under 20 % barely off it; of photos 5 %.
FLAT_NEARNESS = 4
FLAT_SHARE = 0.27
FLAT_BORDER_SHARE = 0.6
FLAT_MOST_BETWEEN = 0.22
BARELY = 0.2  # of the largest difference from the paper
# Of the longer side. A window must be wider than a stroke (a marker's is a tenth)
# and narrower than a shadow: 0.10, 0.14 and 0.18 read 92, 94 and 91 % of photos
# when this was chosen.
ROUGH_WINDOW = 0.14
AROUND_SIDE = 64
AROUND_WINDOW = 31  # of 64 pixels: ink covers less than half of any such square
DARKEST = 16.0  # below it a camera's levels are mostly noise, and logarithms explode
# Black beside grey is ink like any other: without this a heavy digit's threshold
# would lose its thin neighbour.
FULL = np.float32(0.7)
SMOOTHING = 0.8  # noise of 7 levels and JPEG 30 leave no specks; thin pens stay
MAD_TO_SIGMA = 1.4826


@dataclass(frozen=True, eq=False)
class Ink:
    """How much ink is on each pixel: 0 on paper, and what noise looks like."""

    levels: Levels
    polarity: Polarity
    noise: float
    is_flat: bool = False


def flat_paper(grey: Pixels) -> float | None:
    """Return the paper's one level, if it has one."""
    border = np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))
    window = np.ones(2 * FLAT_NEARNESS + 1)
    counts = np.convolve(np.bincount(border, minlength=256), window, "same")
    middle = float(np.flatnonzero(counts >= counts.max() - 0.5).mean())
    near = border[np.abs(border - middle) <= FLAT_NEARNESS]
    paper = float(np.median(near)) if near.size else middle
    difference = np.abs(grey - np.float32(paper))
    between = (difference > FLAT_NEARNESS) & (
        difference < BARELY * np.percentile(difference, 99.5)
    )
    is_flat = (
        float((difference <= FLAT_NEARNESS).mean()) >= FLAT_SHARE
        and float(between.mean()) <= FLAT_MOST_BETWEEN
        and float((np.abs(border - paper) <= FLAT_NEARNESS).mean()) >= FLAT_BORDER_SHARE
    )
    return paper if is_flat else None


def flat_ink(grey: Pixels, paper: float, polarity: Polarity) -> Ink:
    levels = signed(grey - np.float32(paper), polarity) / np.float32(255)
    return Ink(levels, polarity, noise_of(levels), is_flat=True)


def rough_ink(smooth: Levels, around: Levels, polarity: Polarity) -> Ink:
    """Return where ink may be, in logarithms: a shadow shifts them and no more.

    Ink differs from the nearby paper and also from a wide median: the inside of
    an 8 is unlike its strokes, and like all other paper.
    """
    logarithms = np.log(smooth + DARKEST)
    nearby = paper_under(logarithms, polarity, ROUGH_WINDOW * max(smooth.shape))
    levels = np.minimum(
        signed(logarithms - nearby, polarity),
        signed(logarithms - np.log(around + DARKEST), polarity),
    )
    levels = np.minimum(levels, FULL)
    return Ink(levels, polarity, noise_of(levels))


def fine_ink(smooth: Levels, polarity: Polarity, window: float) -> Ink:
    """Return ink as a share of the paper's brightness, so that edges stay soft."""
    paper = paper_under(smooth, polarity, window)
    share = signed(smooth - paper, polarity) / np.maximum(paper, DARKEST)
    levels = share.astype(np.float32)
    return Ink(levels, polarity, noise_of(levels))


def signed(difference: Levels, polarity: Polarity) -> Levels:
    towards_ink = -difference if polarity == "dark_on_light" else difference
    return np.maximum(towards_ink, np.float32(0))


def smoothed(grey: Pixels) -> Levels:
    levels = grey.astype(np.float32)
    return np.asarray(cv2.GaussianBlur(levels, (0, 0), SMOOTHING), np.float32)


def around_each(grey: Pixels) -> Levels:
    """Return the median of a wide window around each pixel."""
    height, width = grey.shape
    factor = AROUND_SIDE / max(grey.shape)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    median = cv2.medianBlur(small, AROUND_WINDOW)
    return np.asarray(cv2.resize(median, (width, height)), np.float32)


def paper_under(levels: Levels, polarity: Polarity, window: float) -> Levels:
    """Close or open by a square: strokes go, and the edges of shadows stay sharp."""
    side = round(window) | 1
    square = np.ones((side, side), np.uint8)
    way = cv2.MORPH_CLOSE if polarity == "dark_on_light" else cv2.MORPH_OPEN
    paper = cv2.morphologyEx(levels, way, square, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(paper, np.float32)


def noise_of(levels: Levels) -> float:
    rough = levels - cv2.GaussianBlur(levels, (0, 0), 2.0)
    return MAD_TO_SIGMA * float(np.median(np.abs(rough)))
