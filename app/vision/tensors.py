"""Pixels as the tensors that torch trains on."""

import torch
from torch import Tensor

from app.vision.preprocessing import GREY_DIMENSIONS, Preprocessing


def normalize(pixels: Tensor, preprocessing: Preprocessing) -> Tensor:
    """Map uint8 (N, H, W) or (N, H, W, 3) to floats in 0..1 (N, C, H, W).

    They are strided as channels last: one channel can be read either way, and torch
    takes the way from its strides, for every layer that follows. On a CPU pooling is
    ten times faster so.
    """
    colours = pixels.unsqueeze(3) if pixels.dim() == GREY_DIMENSIONS else pixels
    numbers = colours.to(torch.float32).mul_(preprocessing.scale)
    return numbers.permute(0, 3, 1, 2)
