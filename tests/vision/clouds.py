"""Logits as a trained network has them: a cloud for each class, and strays."""

import torch
from torch import Tensor


def clouds(classes: int, of_each: int = 40) -> tuple[Tensor, Tensor, Tensor]:
    """Return logits (N, K) with their labels (N,), and logits of outliers (M, K)."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(classes).repeat(of_each)
    noise = torch.randn(len(labels), classes, generator=generator, dtype=torch.double)
    known = 8 * torch.eye(classes, dtype=torch.double)[labels] + noise
    strays = torch.randn(300, classes, generator=generator, dtype=torch.double)
    return known, labels, 2 * strays
