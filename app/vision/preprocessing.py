"""Pixels to tensors, the same way for training and for prediction."""

from typing import Literal

import torch
from pydantic import BaseModel, ConfigDict
from torch import Tensor

from app.vision.pixels import Pixels as Pixels


class Preprocessing(BaseModel):
    """How pixels became numbers: stored with each checkpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    scale: float = 1 / 255


def normalize(pixels: Tensor, preprocessing: Preprocessing) -> Tensor:
    """Map uint8 (N, 28, 28) to floats in 0..1 (N, 1, 28, 28), as the tutorial does."""
    return pixels.unsqueeze(1).to(torch.float32).mul_(preprocessing.scale)
