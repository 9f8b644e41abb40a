"""Ink to MNIST's form: 20x20 pixels for the digit, its centre of mass at (14, 14)."""

import cv2
import numpy as np

from app.vision.digits import Digit
from app.vision.pixels import SIDE, Levels, Pixels
from app.vision.strokes import Strokes, stroke_width

BOX = 20
# Over MNIST's 70,000 images the centre of mass lies between 13.5 and 14.5 both
# ways, 14.0 in the mean; the geometric centre, 13.5, would be half a pixel off.
CENTRE = 14.0
LEAST_MASS = 1e-6
VISIBLE = 0.25

# Ink between these two becomes 0..1. On flat paper the ramp begins at a share of full
# ink: 0.2 keeps MNIST, enlarged, at 99.4 %; 0.4 makes thick strokes as thin as
# MNIST's, which reads 97.6 instead of 95.9 % of scikit-learn's digits.
FULL_INK_PERCENTILE = 60
FULL_FLAT_INK_PERCENTILE = 75
THIN_START = 0.2
THICK_START = 0.4
THICK = 4.0  # of 20 pixels
PHOTO_START = 0.5  # of the threshold
# A thin pen's line would be a grey shimmer at 20 pixels: MNIST's are never thinner.
THINNEST = 2.2


def draw(strokes: Strokes, digit: Digit) -> Pixels:
    """Return one digit as MNIST would hold it, (28, 28), bright on 0."""
    mask = strokes.mask(digit.parts)
    box = digit.box
    width = stroke_width(mask[box.top : box.bottom, box.left : box.right])
    share = BOX * width / box.side
    core = strokes.ink.levels[mask > 0]
    if strokes.ink.is_flat:
        full = float(np.percentile(core, FULL_FLAT_INK_PERCENTILE))
        start = full * (THICK_START if share > THICK else THIN_START)
    else:
        full = float(np.percentile(core, FULL_INK_PERCENTILE))
        start = PHOTO_START * strokes.threshold
    ramp = np.clip((strokes.ink.levels - start) / max(full - start, LEAST_MASS), 0, 1)
    soft = ramp * np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)))
    return place(thickened(trimmed(soft.astype(np.float32)), share))


def trimmed(ink: Levels) -> Levels:
    """Cut off what cannot be seen around the ink."""
    visible = ink > min(VISIBLE, float(ink.max()) / 2)
    rows, columns = np.nonzero(visible)
    if rows.size == 0:
        return ink
    cut = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return np.ascontiguousarray(cut)


def thickened(ink: Levels, share: float) -> Levels:
    missing = round((THINNEST - share) * max(ink.shape) / BOX)
    if missing < 1:
        return ink
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (missing + 1, missing + 1))
    spread = cv2.dilate(np.pad(ink, missing), disk)
    return trimmed(np.asarray(spread, np.float32))


def place(ink: Levels) -> Pixels:
    """Scale ink of 0..1 so that its longer side is 20, and centre it by its mass."""
    height, width = ink.shape
    factor = BOX / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(ink, size, interpolation=way), np.float32)
    return centre_by_mass(scaled.clip(0, 1))


def centre_by_mass(ink: Levels) -> Pixels:
    """Paste ink (at most 20x20) so that its centre of mass is where MNIST's is."""
    height, width = ink.shape
    mass = max(float(ink.sum()), LEAST_MASS)
    row = float((ink.sum(axis=1) * np.arange(height)).sum()) / mass
    column = float((ink.sum(axis=0) * np.arange(width)).sum()) / mass
    top = min(max(round(CENTRE - row), 0), SIDE - height)
    left = min(max(round(CENTRE - column), 0), SIDE - width)
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    canvas[top : top + height, left : left + width] = (ink * 255).round()
    return canvas
