"""What can be told from the picture alone: blank, no drawing, or several digits."""

from enum import StrEnum

import cv2
import numpy as np

from app.vision.digits import all_digits, likeness
from app.vision.page import Page, Writing
from app.vision.pixels import Pixels
from app.vision.strokes import thickness


class Reason(StrEnum):
    """Why a picture is not known to show one digit."""

    NO_INK = "no_ink"
    NOT_A_DIGIT = "not_a_digit"
    SEVERAL_DIGITS = "several_digits"
    # By the checkpoint's score, where the picture alone gave no reason.
    UNFAMILIAR = "unfamiliar"


# Of 300 photos the faintest ink took 0.34 of the paper's light, a pencil's takes 0.25;
# what is found on three of four empty pages takes less.
FAINTEST_INK = 0.22
FAINTEST_FLAT_INK = 0.06  # 15 of 255 levels
STRONG_PERCENTILE = 75
# The corner of a table, a shadow's edge: unlike strokes, or cut off by the border.
LEAST_LIKELY = 0.5
# Cut close around, a digit reaches from edge to edge and is all the ink there is; so
# it is in 99 % of scikit-learn's digits enlarged, and on 1 % of empty pages.
ALL_INK = 0.9
WIDER_THAN_A_LINE = 0.25  # of the picture: a shadow's edge is long, and narrow
# On a page with a digit 99 % of the ink is the digit's; texture is ink everywhere.
LEAST_SHARE = 0.6
# What a pixel and its neighbour share of their difference from the mean: 0.19 at most
# in noise, 0.39 at least in 8x8 digits, the coarsest there are, 0.85 in photos.
LEAST_KINSHIP = 0.28
LEAST_ENERGY = 1e-3
# What counts as another digit beside the first one.
OTHER_HEIGHT = 0.6
OTHER_SCORE = 0.2
MOST_DIGITS = 12
# Of MNIST's 70,000 images 99.95 % stay below the first and all below the second.
MOST_THICKNESS = 10.5  # of 28 pixels: a shirt's body, a blot
MOST_INK = 0.5
BRIGHT = 100


def gate(writing: Writing) -> Reason | None:
    """Judge a page by its first look: how much is on it, and what is like a digit."""
    strokes, digit = writing.strokes, writing.digit
    core = strokes.ink.levels[strokes.mask(digit.parts) > 0]
    faintest = FAINTEST_FLAT_INK if strokes.ink.is_flat else FAINTEST_INK
    if float(np.percentile(core, STRONG_PERCENTILE)) < faintest:
        return Reason.NO_INK
    is_unlikely = (
        not strokes.ink.is_flat
        and digit.likelihood < LEAST_LIKELY
        and not is_cut_close(writing)
    )
    if is_unlikely or kinship(writing.page) < LEAST_KINSHIP:
        return Reason.NOT_A_DIGIT
    count = count_digits(writing)
    if count > 1:
        return Reason.SEVERAL_DIGITS if count <= MOST_DIGITS else Reason.NOT_A_DIGIT
    return Reason.NOT_A_DIGIT if writing.share_of_ink < LEAST_SHARE else None


def is_cut_close(writing: Writing) -> bool:
    """Say whether the picture ends where the digit does, above and below or beside."""
    strokes, box = writing.strokes, writing.digit.box
    height, width = strokes.labels.shape
    from_top_to_bottom = box.top <= 0 and box.bottom >= height
    from_side_to_side = box.left <= 0 and box.right >= width
    return (
        (from_top_to_bottom or from_side_to_side)
        and min(box.width / width, box.height / height) >= WIDER_THAN_A_LINE
        and likeness(strokes, writing.digit.parts[0]) >= LEAST_LIKELY
        and writing.share_of_ink >= ALL_INK
    )


def kinship(page: Page) -> float:
    """Return how alike neighbouring pixels are: 1 on a smooth page, 0 in noise."""
    step = max(1, round(1 / page.scale))  # neighbours in the picture that was sent
    levels = page.grey.astype(np.float32)
    levels -= levels.mean()
    energy = max(float((levels * levels).sum()), LEAST_ENERGY)
    across = float((levels[:, step:] * levels[:, :-step]).sum())
    down = float((levels[step:] * levels[:-step]).sum())
    return (across + down) / (2 * energy)


def count_digits(writing: Writing) -> int:
    first = writing.digit
    return sum(
        other.box.height >= OTHER_HEIGHT * first.box.height
        and other.score >= OTHER_SCORE * first.score
        for other in all_digits(writing.strokes, writing.page.sheet)
    )


def gate_pixels(pixels: Pixels) -> Reason | None:
    """Judge the 28x28 alone: a digit is drawn with strokes."""
    _cut, drawn = cv2.threshold(pixels, BRIGHT, 1, cv2.THRESH_BINARY)
    mask = np.asarray(drawn, np.uint8)
    inked = cv2.countNonZero(mask)
    if inked == 0:
        return Reason.NO_INK
    is_blot = inked > MOST_INK * mask.size or thickness(mask) > MOST_THICKNESS
    return Reason.NOT_A_DIGIT if is_blot else None
