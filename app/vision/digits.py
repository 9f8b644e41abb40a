"""Strokes to digits: which parts belong together, and which group is the digit."""

from dataclasses import dataclass

import cv2
import numpy as np

from app.vision.strokes import Box, Mask, Part, Strokes, thickness

MOST_PARTS = 40  # looked at, heaviest first; a digit has few
SMALLEST_SIDE = 3
SPECK = 0.04  # of the main part's weight: a full stop is less than a broken 5's bar
# A digit is made of strokes: the largest disk in it is at most a third as wide as it
# is long in 99.9 % of MNIST (6.5 of 20 pixels); corners of a table are half as wide.
STROKE_LIKE = 0.35
BLOB = 0.55
LEAST_LIKELY = 0.02
STEEP = 0.5  # of the ink's contrast
SUPPORT_POWER = 4  # 0, 2 and 4 read 95.9, 96.2 and 96.3 % of 2,000 development photos
LEAST_SUPPORT = 0.01
# Torn off at the sheet's edge, at two borders, or where a shadow ends: 0.09 and less.
TORN = 0.1
HEAVY = 0.02  # of the digit's weight
# A part that is cut off by the border is rarely what the picture is of.
TOUCHING = 0.3
AT_A_SHEETS_EDGE = 0.09
# Parts of one digit overlap from left to right and lie close, as a 5 and its bar.
OVERLAP = 0.3
GAP_DOWN = 0.15
TALL = 0.6  # two that are as tall as this are two slanted neighbours
GAP_ACROSS = 0.06


@dataclass(frozen=True)
class Digit:
    """Parts that make one digit; the score tells how likely they are one at all."""

    parts: list[Part]
    score: float

    @property
    def likelihood(self) -> float:
        """How much like a digit's strokes its main part is, from 0 to 1."""
        return self.score / self.parts[0].weight

    @property
    def box(self) -> Box:
        return around([part.box for part in self.parts])

    @property
    def weight(self) -> float:
        return sum(part.weight for part in self.parts)


def likeliest_digit(strokes: Strokes, sheet: Mask | None = None) -> Digit | None:
    whole = wholeness(strokes, sheet)
    return grown(scores(strokes, whole), whole, GAP_ACROSS) if whole else None


def all_digits(strokes: Strokes, sheet: Mask | None = None) -> list[Digit]:
    """Return the digits, likeliest first; one part is in one of them at most."""
    whole = wholeness(strokes, sheet)
    left = scores(strokes, whole)
    digits: list[Digit] = []
    while left:
        # Neighbours on a line stand as close as the parts of a broken digit.
        digits.append(grown(left, whole, gap=0.0))
        left = {part: left[part] for part in left if part not in digits[-1].parts}
    return digits


def torn_parts(strokes: Strokes, digit: Digit, sheet: Mask | None) -> list[Part]:
    """Return what is cut off on most sides, and would count beside the digit."""
    whole = wholeness(strokes, sheet)
    return [
        part
        for part in whole
        if whole[part] < TORN and part.weight >= HEAVY * digit.weight
    ]


def scores(strokes: Strokes, whole: dict[Part, float]) -> dict[Part, float]:
    """Weigh parts by how much like whole strokes of a digit they are."""
    return {part: part.weight * whole[part] * likeness(strokes, part) for part in whole}


def wholeness(strokes: Strokes, sheet: Mask | None) -> dict[Part, float]:
    """Rate the heaviest parts: 1 is all there, with an edge all around."""
    parts = [part for part in strokes.parts if part.box.side >= SMALLEST_SIDE]
    at_edge = set() if sheet is None else numbers_at_edge(strokes, sheet)
    rated: dict[Part, float] = {}
    for part in sorted(parts, key=lambda part: -part.weight)[:MOST_PARTS]:
        factor = TOUCHING ** borders_touched(part.box, strokes.labels.shape)
        if factor == 1 and part.number in at_edge:
            factor = AT_A_SHEETS_EDGE
        rated[part] = factor * edge_support(strokes, part) ** SUPPORT_POWER
    return rated


def likeness(strokes: Strokes, part: Part) -> float:
    share = thickness(strokes.cut_out(part)) / part.box.side
    return float(np.clip((BLOB - share) / (BLOB - STROKE_LIKE), LEAST_LIKELY, 1))


def edge_support(strokes: Strokes, part: Part) -> float:
    """Return the share of a part's outline at which the brightness changes indeed.

    A piece of a shadow that was cut off where the window ended has no edge there.
    """
    steps = strokes.ink.steps
    if steps is None:
        return 1.0
    mask = strokes.cut_out(part)
    square = np.ones((3, 3), np.uint8)
    inside = cv2.erode(mask, square, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    outline = (mask > 0) & (np.asarray(inside) == 0)
    contrast = np.percentile(strokes.ink.levels[part.box.area][mask > 0], 75)
    is_step = steps[part.box.area][outline] >= STEEP * contrast
    return max(float(is_step.mean()), LEAST_SUPPORT)


def borders_touched(box: Box, shape: tuple[int, ...]) -> int:
    height, width = shape
    return sum((box.left <= 0, box.top <= 0, box.right >= width, box.bottom >= height))


def numbers_at_edge(strokes: Strokes, sheet: Mask) -> set[int]:
    outside = cv2.dilate(1 - sheet, np.ones((5, 5), np.uint8))
    return set(np.unique(strokes.labels[np.asarray(outside) > 0]).tolist())


def grown(scored: dict[Part, float], whole: dict[Part, float], gap: float) -> Digit:
    """Start with the likeliest part and take in, one by one, what belongs to it."""
    main = max(scored, key=lambda part: scored[part])
    chosen = [main]
    waiting = [
        part
        for part in scored
        if part is not main
        and part.weight >= SPECK * main.weight
        and whole[part] >= TORN * whole[main]
    ]
    while True:
        box = around([part.box for part in chosen])
        near = next((part for part in waiting if belongs(part.box, box, gap)), None)
        if near is None:
            return Digit(chosen, scored[main])
        chosen.append(near)
        waiting.remove(near)


def belongs(box: Box, digit: Box, gap: float) -> bool:
    across = max(digit.left - box.right, box.left - digit.right, 0)
    down = max(digit.top - box.bottom, box.top - digit.bottom, 0)
    shared = min(digit.right, box.right) - max(digit.left, box.left)
    is_beside = down == 0 and min(box.height, digit.height) > TALL * digit.height
    is_above = not is_beside and shared >= OVERLAP * min(box.width, digit.width)
    if is_above and down < GAP_DOWN * digit.side:
        return True
    return down == 0 and across < gap * digit.side


def around(boxes: list[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
