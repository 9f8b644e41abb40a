"""Grey levels to ink: how much darker, or brighter, than its paper each pixel is."""

from dataclasses import dataclass

import cv2
import numpy as np

from app.vision.paper import paper_under, shadowed_paper
from app.vision.pixels import Levels, Pixels, Polarity

# Of the longer side: nearly all strokes are narrower, and more of a shadow is not.
SHADOW_WINDOW = 0.08
STEP_SIDE = 5  # pixels of 320: a stroke's edge, blurred, is about as wide
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
    # How much the brightness changes at each pixel, in logarithms, where it was asked.
    steps: Levels | None = None
    is_flat: bool = False


def flat_ink(grey: Pixels, paper: float, polarity: Polarity) -> Ink:
    levels = signed(grey - np.float32(paper), polarity) / np.float32(255)
    return Ink(levels, polarity, noise_of(levels), is_flat=True)


def rough_ink(smooth: Levels, around: Levels, polarity: Polarity, window: float) -> Ink:
    """Return where ink may be, in logarithms: a shadow shifts them and no more.

    Ink differs from the nearby paper and also from a wide median: the inside of
    an 8 is unlike its strokes, and like all other paper.
    """
    logarithms = np.log(smooth + DARKEST)
    side = max(smooth.shape)
    nearby = shadowed_paper(logarithms, polarity, window * side, SHADOW_WINDOW * side)
    levels = np.minimum(
        signed(logarithms - nearby, polarity),
        signed(logarithms - np.log(around + DARKEST), polarity),
    )
    levels = np.minimum(levels, FULL)
    return Ink(levels, polarity, noise_of(levels), steps_of(logarithms))


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


def steps_of(logarithms: Levels) -> Levels:
    square = np.ones((STEP_SIDE, STEP_SIDE), np.uint8)
    steps = cv2.morphologyEx(logarithms, cv2.MORPH_GRADIENT, square)
    return np.asarray(steps, np.float32)


def noise_of(levels: Levels) -> float:
    rough = levels - cv2.GaussianBlur(levels, (0, 0), 2.0)
    return MAD_TO_SIGMA * float(np.median(np.abs(rough)))
