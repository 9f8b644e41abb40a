"""The pictures that a network got most wrong."""

import base64
from io import BytesIO

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from app.figures.canvas import SMALL, new_figure, printable
from app.report import EvaluationReport, WorstImage

COLUMNS = 5
# In sides of a picture: from one to the next, with room for three lines above.
PITCH_X, PITCH_Y = 1.2, 1.5
INCHES = 1.5


def draw_worst_images(report: EvaluationReport) -> Figure:
    """Draw them row by row, highest loss first, with what each was taken for.

    All stand on the same axes: laying out one for each would take a second.
    """
    worst = report.worst_images
    width, height = COLUMNS * PITCH_X, -(-len(worst) // COLUMNS) * PITCH_Y
    title = f"The {len(worst)} test images with the highest loss"
    figure = new_figure(width * INCHES, height * INCHES + 0.5, title)
    axes = figure.subplots()
    for place, image in enumerate(worst):
        row, column = divmod(place, COLUMNS)
        draw_image(axes, image, (column * PITCH_X, (row + 1) * PITCH_Y))
    axes.set(xlim=(PITCH_X * -0.1, width), ylim=(height + 0.1, 0.1))
    axes.set_axis_off()
    return figure


def draw_image(axes: Axes, image: WorstImage, corner: tuple[float, float]) -> None:
    """Draw a picture, its longer side 1, on its lower left corner."""
    left, bottom = corner
    pixels = np.asarray(Image.open(BytesIO(base64.b64decode(image.png))))
    high, wide = (side / max(pixels.shape[:2]) for side in pixels.shape[:2])
    axes.imshow(
        pixels,
        cmap="gray",
        vmin=0,
        vmax=255,
        extent=(left, left + wide, bottom, bottom - high),
        interpolation="nearest",
    )
    axes.text(
        left + 0.5,
        bottom - 1.03,
        caption(image),
        fontsize=SMALL,
        ha="center",
        va="bottom",
        parse_math=False,
    )


def caption(image: WorstImage) -> str:
    label, predicted = printable(image.label), printable(image.predicted)
    is_right = image.predicted == image.label
    return (
        f"{label}, no. {image.index}\n"
        f"{'recognised' if is_right else f'taken for {predicted}'}\n"
        f"true class: {image.probabilities[image.label]:.2%}"
    )
