"""Strokes as other pens would have drawn them."""

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d


def with_other_pens(images: Tensor, most: float, generator: torch.Generator) -> Tensor:
    """Move the edges of each image's strokes, evenly between the most out and in.

    Images are (N, C, H, W), bright on 0. A whole pixel is a grey dilation or erosion
    by a square of 3x3 pixels; less of it lies between the image and that.
    """
    drawn = torch.rand(len(images), 1, 1, 1, generator=generator, device=images.device)
    change = (drawn * 2 - 1) * most
    wider = max_pool2d(images, 3, stride=1, padding=1)
    thinner = -max_pool2d(-images, 3, stride=1, padding=1)
    grown = change.clamp(min=0) * (wider - images)
    shrunk = change.clamp(max=0) * (images - thinner)
    return images + grown + shrunk
