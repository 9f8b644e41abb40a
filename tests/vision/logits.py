"""Logits that are right exactly as often as they say, times a factor."""

import torch
from torch import Tensor


def overconfident(
    count: int, classes: int, factor: float, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Return float64 logits (N, K) and labels (N,) drawn by them without the factor."""
    generator = torch.Generator().manual_seed(seed)
    logits = 2 * torch.randn(count, classes, generator=generator, dtype=torch.double)
    labels = torch.multinomial(logits.softmax(dim=1), 1, generator=generator)
    return factor * logits, labels.squeeze(1)
