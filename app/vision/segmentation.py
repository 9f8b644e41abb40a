"""Several digits in one picture, each found and made 28x28, in reading order."""

from dataclasses import dataclass, replace
from statistics import median

import cv2
import numpy as np
from PIL import Image

from app.vision.digits import Digit, all_digits
from app.vision.page import Writing, find_writing, page_of, read_well
from app.vision.pixels import Levels
from app.vision.placing import draw
from app.vision.reading import Reading
from app.vision.strokes import Box, Strokes, find_strokes, stroke_width

# Beside the likeliest digit: lower than a third of it are dots, dashes and dirt.
LEAST_HEIGHT = 0.35
LEAST_SCORE = 0.02
# Digits are 0.3 to 1.0 as wide as high, two that touch 1.2 and more; a 7's or a
# 2's long foot can make one digit 1.1 wide.
TOUCHING_WIDTH = 1.2
USUAL_WIDTH = 0.72
SEARCH = 0.25  # of a digit's width: how far from its expected place a cut may lie
# Where two digits touch one stroke is crossed; a wide 0 has two everywhere.
ONE_STROKE = 1.25
# Digits whose middles are within half a height stand on one line.
LINE_OVERLAP = 0.5


@dataclass(frozen=True, eq=False)
class FoundDigit:
    """One digit of several: what was read, where, and on which line from 0."""

    reading: Reading
    box: Box
    line: int


def find_digits(image: Image.Image) -> list[FoundDigit]:
    """Return the digits of a picture: line by line, each from left to right."""
    page = page_of(image)
    writing = find_writing(page)
    if writing is None:
        return []
    writing = with_cuts(writing)
    found: list[FoundDigit] = []
    for line, digits in enumerate(lines_of(plausible(writing))):
        for digit in digits:
            pixels = draw(*read_well(writing, digit))
            box = page.in_picture(digit.box)
            reading = Reading(pixels, writing.strokes.ink.polarity, box)
            found.append(FoundDigit(reading, box, line))
    return found


def plausible(writing: Writing) -> list[Digit]:
    digits = all_digits(writing.strokes, writing.page.sheet)
    best = max(digits, key=lambda digit: digit.score)
    return [
        digit
        for digit in digits
        if digit.box.height >= LEAST_HEIGHT * best.box.height
        and digit.score >= LEAST_SCORE * best.score
    ]


def with_cuts(writing: Writing) -> Writing:
    """Cut digits that touch: where a group is too wide and its ink is thinnest."""
    digits = plausible(writing)
    usual = median(digit.box.height for digit in digits)
    levels = writing.strokes.ink.levels.copy()
    mask = (writing.strokes.labels > 0).astype(np.uint8)
    for digit in digits:
        height = min(digit.box.height, usual)
        if digit.box.width < TOUCHING_WIDTH * height:
            continue
        box = digit.box
        crop = np.ascontiguousarray(mask[box.top : box.bottom, box.left : box.right])
        profile = crop.sum(axis=0).astype(np.float32)
        most = ONE_STROKE * stroke_width(crop) + 1
        for column in cuts(profile, height):
            if profile[column] <= most:
                levels[box.top : box.bottom, box.left + column] = 0
    if np.array_equal(levels, writing.strokes.ink.levels):
        return writing
    return replace(writing, strokes=cut_strokes(writing.strokes, levels))


def cut_strokes(strokes: Strokes, levels: Levels) -> Strokes:
    again = find_strokes(replace(strokes.ink, levels=levels))
    return replace(again, threshold=strokes.threshold)


def cuts(profile: Levels, height: float) -> list[int]:
    """Return the columns where the ink of a wide group is thinnest."""
    width = len(profile)
    count = max(2, round(width / (USUAL_WIDTH * height)))
    step = width / count
    smooth = np.asarray(cv2.blur(profile.reshape(1, -1), (3, 1))).ravel()
    found = []
    for number in range(1, count):
        start = max(1, round(number * step - SEARCH * step))
        end = min(width - 1, round(number * step + SEARCH * step) + 1)
        found.append(start + int(np.argmin(smooth[start:end])))
    return found


def lines_of(digits: list[Digit]) -> list[list[Digit]]:
    """Sort into lines from top to bottom, and each line from left to right."""
    lines: list[list[Digit]] = []
    for digit in sorted(digits, key=lambda digit: middle(digit.box)):
        if lines and is_level(digit.box, lines[-1]):
            lines[-1].append(digit)
        else:
            lines.append([digit])
    return [sorted(line, key=lambda digit: digit.box.left) for line in lines]


def is_level(box: Box, line: list[Digit]) -> bool:
    level = median(middle(digit.box) for digit in line)
    height = max(box.height, *(digit.box.height for digit in line))
    return abs(middle(box) - level) < LINE_OVERLAP * height


def middle(box: Box) -> float:
    return (box.top + box.bottom) / 2
