"""Pixels to the numbers that networks take, the same for training and prediction."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from app.vision.pixels import Pixels

Numbers = NDArray[np.float32]

GREY_DIMENSIONS = 3  # of a batch: images, height, width


class Preprocessing(BaseModel):
    """How pixels became numbers: stored with each checkpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    scale: float = 1 / 255


def scale_pixels(images: Sequence[Pixels], preprocessing: Preprocessing) -> Numbers:
    """Map N images, (H, W) or (H, W, 3), to floats in 0..1 (N, C, H, W), without torch.

    `app.vision.tensors.normalize` gives training the same numbers, to the bit.
    """
    batch = np.stack(images)
    grey = batch.ndim == GREY_DIMENSIONS
    planes = batch[:, np.newaxis] if grey else batch.transpose(0, 3, 1, 2)
    numbers: Numbers = planes.astype(np.float32, order="C")
    numbers *= np.float32(preprocessing.scale)
    return numbers
