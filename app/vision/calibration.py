"""Confidence measured against accuracy, and the temperature that brings them together.

Guo et al., On Calibration of Modern Neural Networks, https://arxiv.org/abs/1706.04599
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from app.report import Reliability, ReliabilityBin

BINS = 15
COLDEST, HOTTEST = 0.05, 20.0
MOST_STEPS = 60
TOLERANCE = 1e-9


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """Return the temperature with the smallest loss on logits (N, K), labels (N,).

    Where every label is the likeliest already, the colder is the better without end,
    and where a logit is not finite there is no loss: then it stays 1.
    """
    logits = logits.detach().to("cpu", torch.double)
    margins = logits - logits.gather(1, labels.cpu().unsqueeze(1))  # (N, K)
    if not margins.isfinite().all() or (margins <= 0).all():
        return 1.0
    return 1 / sharpest(margins)


def sharpest(margins: Tensor) -> float:
    """Minimise mean log sum exp(sharpness * margins), which is convex, by Newton.

    A step that would leave the bracket of the minimum halves it instead.
    """
    low, high = 1 / HOTTEST, 1 / COLDEST
    sharpness = 1.0
    for _ in range(MOST_STEPS):  # pragma: no branch  # forty do
        slope, curvature = derivatives(margins, sharpness)
        low, high = (low, sharpness) if slope > 0 else (sharpness, high)
        following = sharpness - slope / max(curvature, torch.finfo(torch.double).tiny)
        if not low < following < high:
            following = (low * high) ** 0.5
        if abs(following - sharpness) < TOLERANCE * sharpness:
            break
        sharpness = following
    return sharpness


def derivatives(margins: Tensor, sharpness: float) -> tuple[float, float]:
    """Return the loss's first and second derivative by the sharpness."""
    probabilities = (sharpness * margins).softmax(dim=1)
    mean = (probabilities * margins).sum(dim=1)
    spread = (probabilities * margins.square()).sum(dim=1) - mean.square()
    return mean.mean().item(), spread.mean().item()


def measure_reliability(logits: Tensor, labels: Tensor) -> Reliability:
    """Bin the images of logits (N, K) by confidence, on the CPU in float64."""
    confidence, predicted = logits.softmax(dim=1).max(dim=1)
    right = (predicted == labels).double()
    edges = torch.linspace(0, 1, BINS + 1, dtype=torch.double)
    place = torch.bucketize(confidence, edges[1:-1])
    counts = torch.bincount(place, minlength=BINS)
    confidences = torch.bincount(place, confidence, minlength=BINS)
    rights = torch.bincount(place, right, minlength=BINS)
    gap = (confidences - rights).abs().sum() / len(labels)
    rows = zip(*(x.tolist() for x in (counts, confidences, rights)), strict=True)
    return Reliability(
        loss=cross_entropy(logits, labels).item(),
        calibration_error=gap.item(),
        bins=[reliability_bin(number, *row) for number, row in enumerate(rows)],
    )


def reliability_bin(
    number: int, count: int, confidence: float, right: float
) -> ReliabilityBin:
    return ReliabilityBin(
        lower=number / BINS,
        upper=(number + 1) / BINS,
        count=count,
        confidence=confidence / count if count else None,
        accuracy=right / count if count else None,
    )
