"""Ink to strokes: the threshold, and the connected parts above it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.vision.ink import Ink

Mask = NDArray[np.uint8]
Labels = NDArray[np.int32]

NOISE_FACTOR = 4.0
FAINTEST = 0.06  # ink this near to the paper is a stain
# Otsu's threshold lies between ruled lines and ink, or half-way up a stroke's edge;
# a little below it thin joints hold.
OTSU_FACTOR = 0.9
# On flat paper there is no noise to keep out, and a serif's hairline is a quarter grey.
FLAT_THRESHOLD = 0.25


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels; right and bottom are the first outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def side(self) -> int:
        return max(self.width, self.height)

    @property
    def area(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)


@dataclass(frozen=True)
class Part:
    """One connected piece of ink: where, how heavy, and its number in the labels."""

    number: int
    box: Box
    weight: float


@dataclass(frozen=True, eq=False)
class Strokes:
    """What is ink, and what hangs together in it."""

    ink: Ink
    threshold: float
    labels: Labels
    parts: list[Part]

    def mask(self, parts: list[Part]) -> Mask:
        chosen = np.zeros(int(self.labels.max()) + 1, np.uint8)
        chosen[[part.number for part in parts]] = 1
        return chosen[self.labels]

    def cut_out(self, part: Part) -> Mask:
        """Return 1 where a part is, within its box."""
        mask: Mask = (self.labels[part.box.area] == part.number).astype(np.uint8)
        return mask


def find_strokes(ink: Ink) -> Strokes:
    threshold = threshold_of(ink)
    mask = (ink.levels > threshold).astype(np.uint8)
    if not mask.any():
        return Strokes(ink, threshold, np.zeros(mask.shape, np.int32), [])
    count, found, boxes, _centres = cv2.connectedComponentsWithStats(mask)
    labels = np.asarray(found, np.int32)
    # Squared: strong ink counts for more than a wide shade.
    weights = np.bincount(labels.ravel(), ink.levels.ravel() ** 2, count)
    parts = [
        Part(number, box_of(boxes[number]), float(weights[number]))
        for number in range(1, count)
    ]
    return Strokes(ink, threshold, labels, parts)


def box_of(stats: NDArray[np.int32]) -> Box:
    left, top, width, height = map(int, stats[:4])
    return Box(left, top, left + width, top + height)


def threshold_of(ink: Ink) -> float:
    floor = max(FAINTEST, NOISE_FACTOR * ink.noise)
    inked = ink.levels[ink.levels > floor]
    if inked.size == 0:
        return floor
    top = float(np.percentile(inked, 99))
    if ink.is_flat:
        return max(floor, FLAT_THRESHOLD * top)
    scaled = np.clip(inked * (255 / top), 0, 255).astype(np.uint8)
    cut, _mask = cv2.threshold(scaled, 0, 255, cv2.THRESH_OTSU)
    return max(floor, OTSU_FACTOR * float(cut) * top / 255)


def stroke_width(mask: Mask) -> float:
    """Return the mean width of the strokes, read off the ridges of a distance map."""
    padded = np.pad(mask, 1)  # all ink is as far from paper as the picture's edge
    distance = np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5), np.float32)
    highest = np.asarray(cv2.dilate(distance, np.ones((3, 3), np.uint8)), np.float32)
    # Low ridges are the frayed edge of a stroke, not its middle.
    is_ridge = (distance >= highest) & (distance >= 0.4 * distance.max())
    ridge = distance[is_ridge & (distance > 0)]
    return 2 * float(np.mean(ridge)) - 1 if ridge.size else 0.0


def thickness(mask: Mask) -> float:
    """Return the diameter of the largest disk that the ink covers."""
    padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    _least, radius, *_places = cv2.minMaxLoc(
        cv2.distanceTransform(padded, cv2.DIST_L2, 3)
    )
    return 2 * float(radius)
