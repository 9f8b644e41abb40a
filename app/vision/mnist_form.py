"""The form of MNIST: how an image that has it is known, and passed on to the bit."""

import numpy as np

from app.vision.pixels import SIDE, Pixels
from app.vision.placing import CENTRE

# All 70,000 images have it: their border is 8 levels in the mean at most, the longer
# side of what is not 0 is 19 or 20 pixels, the centre of mass 0.5 from the middle.
MOST_BORDER = 12.0
LEAST_BRIGHT = 128
VISIBLE = 16
SIDES = range(17, 23)
MOST_OFF_CENTRE = 0.75


def mnist_form(grey: Pixels) -> Pixels | None:
    """Return the image as it is, or inverted, if that has MNIST's form."""
    if grey.shape != (SIDE, SIDE):
        return None
    candidates = (grey, 255 - grey)
    return next((image for image in candidates if has_mnist_form(image)), None)


def has_mnist_form(image: Pixels) -> bool:
    border = np.concatenate((image[0], image[-1], image[:, 0], image[:, -1]))
    if border.mean() > MOST_BORDER or image.max() < LEAST_BRIGHT:
        return False
    visible = image > VISIBLE
    rows, columns = np.nonzero(visible)
    if max(np.ptp(rows), np.ptp(columns)) + 1 not in SIDES:
        return False
    places = np.arange(SIDE)
    mass = float(image.sum())
    row = float((image.sum(axis=1) * places).sum()) / mass
    column = float((image.sum(axis=0) * places).sum()) / mass
    return max(abs(row - CENTRE), abs(column - CENTRE)) <= MOST_OFF_CENTRE
