"""Pixels to tensors, the same way for training and for prediction."""

from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from pydantic import BaseModel, ConfigDict
from torch import Tensor

Pixels = NDArray[np.uint8]

SIDE = 28
BOX = 20  # MNIST's digits fill 20x20 and sit in 28x28 by their centre of mass
INK_FRACTION = 0.2
SIXTEEN_BIT_STEP = 257
MIDDLE_GREY = 127


class Preprocessing(BaseModel):
    """How pixels became numbers: stored with each checkpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    scale: float = 1 / 255


def normalize(pixels: Tensor, preprocessing: Preprocessing) -> Tensor:
    """Map uint8 (N, 28, 28) to floats in 0..1 (N, 1, 28, 28), as the tutorial does.

    They are strided as channels last: one channel can be read either way, and torch
    takes the way from its strides, for every layer that follows. On a CPU pooling is
    ten times faster so.
    """
    numbers = pixels.unsqueeze(3).to(torch.float32).mul_(preprocessing.scale)
    return numbers.permute(0, 3, 1, 2)


def to_pixels(image: Image.Image) -> Pixels:
    """Return a picture of one digit as MNIST would hold it: (28, 28), bright on 0.

    A picture that is so already passes unchanged, to the bit. Any other is made
    grey on white paper, bright on dark, cropped to its ink, scaled to 20x20 and
    centred by mass (http://yann.lecun.com/exdb/mnist).
    """
    grey = to_grey(image)
    if grey.shape == (SIDE, SIDE) and border_level(grey) <= MIDDLE_GREY:
        return grey
    if border_level(grey) > MIDDLE_GREY:
        grey = 255 - grey
    ink = np.clip(grey.astype(np.float32) - border_level(grey), 0, None)
    rows, columns = np.nonzero(ink > INK_FRACTION * max(float(ink.max()), 1.0))
    if len(rows) == 0:
        return np.zeros((SIDE, SIDE), dtype=np.uint8)
    crop = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return centre_by_mass(fit_into_box(crop * (255 / crop.max())))


def to_grey(image: Image.Image) -> Pixels:
    """Return grey levels (H, W); transparency shows white, 16 bits become 8."""
    if image.mode.startswith("I"):
        levels = np.asarray(image, dtype=np.int64) // SIXTEEN_BIT_STEP
        return np.clip(levels, 0, 255).astype(np.uint8)
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    elif image.mode == "L":
        return np.asarray(image)
    return np.asarray(image.convert("RGB").convert("L"))


def border_level(grey: Pixels) -> float:
    """Return the median of the outermost pixels: the paper's brightness."""
    edges = (grey[0], grey[-1], grey[:, 0], grey[:, -1])
    return float(np.median(np.concatenate(edges)))


def fit_into_box(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale ink so that its longer side is 20, keeping its proportions."""
    height, width = ink.shape
    factor = BOX / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    scaled = Image.fromarray(ink).resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
    return np.asarray(scaled, dtype=np.float32).clip(0, 255)


def centre_by_mass(ink: NDArray[np.float32]) -> Pixels:
    """Paste ink (at most 20x20) so that its centre of mass is the canvas's centre."""
    height, width = ink.shape
    mass = max(float(ink.sum()), 1.0)
    row = float((ink.sum(axis=1) * np.arange(height)).sum()) / mass
    column = float((ink.sum(axis=0) * np.arange(width)).sum()) / mass
    centre = (SIDE - 1) / 2
    top = min(max(round(centre - row), 0), SIDE - height)
    left = min(max(round(centre - column), 0), SIDE - width)
    canvas = np.zeros((SIDE, SIDE), dtype=np.uint8)
    canvas[top : top + height, left : left + width] = ink.round().astype(np.uint8)
    return canvas
