"""The paper under the ink: one level, or what is left when strokes are filled in."""

import cv2
import numpy as np
from numpy.typing import NDArray

from app.vision.pixels import Levels, Pixels, Polarity

# Flat is what no camera took: a canvas, a scan, a data set. Of 1,797 8x8 digits
# enlarged, 1,390 font digits and 1,000 scanned ones 99 % have 28 % of all pixels
# and 62 % of the border at one level, and under 20 % barely off it.
FLAT_NEARNESS = 4
FLAT_SHARE = 0.27
FLAT_BORDER_SHARE = 0.6
FLAT_MOST_BETWEEN = 0.22
BARELY = 0.2  # of the largest difference from the paper
# One of eighteen photos is like that too, and what a shadow is on it would be ink.
# Their ink is seldom as far from the paper as black is from white, or their paper
# free of noise, as it is on a canvas; and a shadow is an even grey, which is at most
# a tenth of what is drawn.
BLACK_ON_WHITE = 150
NOISELESS = 0.98
MOST_SHADE = 0.13
SHADE = (0.1, 0.85)  # of the largest difference
SHADE_SIDE = 9
EVEN = 0.15
AROUND_SIDE = 64
AROUND_WINDOW = 31  # of 64 pixels: ink covers less than half of any such square


def flat_paper(grey: Pixels) -> float | None:
    """Return the paper's one level, if it has one."""
    paper = level_of(np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1])))
    if paper is None:
        return None
    difference = np.abs(grey - np.float32(paper))
    largest = float(np.percentile(difference, 99.5))
    is_paper = difference <= FLAT_NEARNESS
    between = ~is_paper & (difference < BARELY * largest)
    is_flat = (
        float(is_paper.mean()) >= FLAT_SHARE
        and float(between.mean()) <= FLAT_MOST_BETWEEN
        and (largest >= BLACK_ON_WHITE or evenness(grey, is_paper) >= NOISELESS)
        and shade(grey, difference, largest) <= MOST_SHADE
    )
    return paper if is_flat else None


def level_of(border: Pixels) -> float | None:
    """Return the level of most of a picture's border."""
    window = np.ones(2 * FLAT_NEARNESS + 1)
    counts = np.convolve(np.bincount(border, minlength=256), window, "same")
    middle = float(np.flatnonzero(counts >= counts.max() - 0.5).mean())
    near = border[np.abs(border - middle) <= FLAT_NEARNESS]
    paper = float(np.median(near)) if near.size else middle
    is_near = np.abs(border - np.float32(paper)) <= FLAT_NEARNESS
    return paper if float(is_near.mean()) >= FLAT_BORDER_SHARE else None


def evenness(grey: Pixels, is_paper: NDArray[np.bool_]) -> float:
    """Return the share of paper's pixels whose right neighbours have their level."""
    pairs = is_paper[:, 1:] & is_paper[:, :-1]
    same = (grey[:, 1:] == grey[:, :-1]) & pairs
    return float(same.sum()) / max(int(pairs.sum()), 1)


def shade(grey: Pixels, difference: Levels, largest: float) -> float:
    """Return the share of what is drawn that is an even grey, and no stroke's edge."""
    square = np.ones((SHADE_SIDE, SHADE_SIDE), np.uint8)
    smooth = cv2.medianBlur(grey, 3)
    steps = np.asarray(cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, square))
    lightest, darkest = (part * largest for part in SHADE)
    drawn = difference > max(lightest, 2 * FLAT_NEARNESS)
    even_grey = drawn & (difference < darkest) & (steps < EVEN * largest)
    return float(even_grey.sum()) / max(int(drawn.sum()), 1)


def paper_under(levels: Levels, polarity: Polarity, window: float) -> Levels:
    """Close or open by a square: strokes go, and the edges of shadows stay sharp."""
    side = round(window) | 1
    square = np.ones((side, side), np.uint8)
    way = cv2.MORPH_CLOSE if polarity == "dark_on_light" else cv2.MORPH_OPEN
    paper = cv2.morphologyEx(levels, way, square, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(paper, np.float32)


def shadowed_paper(
    levels: Levels, polarity: Polarity, wide: float, narrow: float
) -> Levels:
    """Return paper by a wide window, with the tips of shadows that it filled in.

    A shadow's corner is narrower than the window, and would be ink. Where a narrow
    window leaves it dark it is shaded again, from the shadow's body outwards and no
    further than the narrow window is wide: a closing by reconstruction (Vincent
    1993) that a stroke, which the narrow window fills, cannot lead astray.
    """
    body = paper_under(levels, polarity, wide)
    most = paper_under(levels, polarity, narrow)
    spread, limit = (
        (cv2.erode, np.maximum)
        if polarity == "dark_on_light"
        else (cv2.dilate, np.minimum)
    )
    square = np.ones((3, 3), np.uint8)
    for _ in range(round(narrow)):
        body = limit(spread(body, square), most)
    return np.asarray(body, np.float32)


def around_each(grey: Pixels) -> Levels:
    """Return the median of a wide window around each pixel."""
    height, width = grey.shape
    factor = AROUND_SIDE / max(grey.shape)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    median = cv2.medianBlur(small, AROUND_WINDOW)
    return np.asarray(cv2.resize(median, (width, height)), np.float32)
