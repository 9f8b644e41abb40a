"""Pixels as the tensors that torch trains on."""

import torch
from torch import Tensor

from app.vision.preprocessing import Preprocessing


def normalize(pixels: Tensor, preprocessing: Preprocessing) -> Tensor:
    """Map uint8 (N, 28, 28) to floats in 0..1 (N, 1, 28, 28), as the tutorial does.

    They are strided as channels last: one channel can be read either way, and torch
    takes the way from its strides, for every layer that follows. On a CPU pooling is
    ten times faster so.
    """
    numbers = pixels.unsqueeze(3).to(torch.float32).mul_(preprocessing.scale)
    return numbers.permute(0, 3, 1, 2)
