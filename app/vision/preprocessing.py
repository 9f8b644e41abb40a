"""Pixels to the numbers that networks take, the same for training and prediction."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from app.vision.pixels import Pixels

Numbers = NDArray[np.float32]


class Preprocessing(BaseModel):
    """How pixels became numbers: stored with each checkpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    scale: float = 1 / 255


def scale_pixels(images: Sequence[Pixels], preprocessing: Preprocessing) -> Numbers:
    """Map uint8 images (28, 28) to floats in 0..1 (N, 1, 28, 28), without torch.

    `app.vision.tensors.normalize` gives training the same numbers, to the bit.
    """
    numbers: Numbers = np.stack(images)[:, np.newaxis].astype(np.float32)
    numbers *= np.float32(preprocessing.scale)
    return numbers
