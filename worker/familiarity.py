"""What tells validation images from outliers in their logits, fitted in a moment.

A logistic regression on few numbers, the distance to the nearest class among them
(Lee et al. 2018, https://arxiv.org/abs/1807.03888), here in the space of logits: so
it costs next to nothing, whatever the network, and needs no change of its training.
"""

import torch
from torch import Tensor, nn

from app.spec import GREY_28
from app.vision.familiarity import Familiarity
from worker.data import Dataset, Split
from worker.evaluation import evaluate
from worker.outliers import draw_outliers
from worker.precision import Precision

OUTLIERS = 600
KEPT = 0.995
LEAST_OF_A_CLASS = 20  # for a variance that means something
SHRINKAGE = 0.01  # of the covariance, towards a sphere
OWN_VARIANCE = 0.5  # the rest is that of all classes
STEPS = 100
RIDGE = 1e-3
SMALLEST = 1e-12


def fit_familiarity(
    network: nn.Module, dataset: Dataset, val_logits: Tensor, precision: Precision
) -> Familiarity | None:
    """Return how to score, or None where validation images are too few to tell.

    None also for other images than 28x28 in grey, of which there are no outliers.

    Always the same for the same network: the outliers come from a fixed seed.
    """
    val = dataset.val
    if val.images.shape[1:] != GREY_28[1:]:
        return None
    known = val_logits.detach().to("cpu", torch.double)
    fewest = torch.bincount(val.labels, minlength=known.shape[1]).min()
    if fewest < LEAST_OF_A_CLASS or not known.isfinite().all():
        return None
    generator = torch.Generator(val.images.device).manual_seed(0)
    images = draw_outliers(dataset.train.images, OUTLIERS, generator)
    labels = val.labels.new_zeros(OUTLIERS)
    strange = evaluate(network, Split(images, labels), precision).logits
    if not strange.isfinite().all():
        return None
    return fit(known, val.labels.cpu(), strange.to("cpu", torch.double))


def fit(known: Tensor, labels: Tensor, strange: Tensor) -> Familiarity:
    """Fit to logits (N, K) with labels (N,), and to logits of outliers (M, K)."""
    whitening, means, precision = measure_classes(known, labels)
    geometry = (whitening, means, precision)
    weights = regress(features(known, *geometry), features(strange, *geometry))
    scores = features(known, *geometry) @ weights[:-1] + weights[-1]
    whitening_rows, mean_rows, precision_rows = (
        tuple(map(tuple, part.tolist())) for part in geometry
    )
    return Familiarity(
        kept=KEPT,
        threshold=scores.quantile(1 - KEPT).item(),
        whitening=whitening_rows,
        means=mean_rows,
        precision=precision_rows,
        weights=tuple(weights[:-1].tolist()),
        bias=weights[-1].item(),
    )


def measure_classes(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return what makes the mean class's cloud round, and each class's cloud then."""
    classes = logits.shape[1]
    members = [labels == number for number in range(classes)]
    means = torch.stack([logits[rows].mean(dim=0) for rows in members])
    covariance = torch.cov((logits - means[labels]).T)
    sphere = torch.eye(classes, dtype=torch.double) * covariance.diagonal().mean()
    spread, axes = torch.linalg.eigh(covariance + SHRINKAGE * sphere)
    whitening = axes * spread.clamp(min=SMALLEST).rsqrt()
    variance = torch.stack([(logits[rows] @ whitening).var(dim=0) for rows in members])
    precision = 1 / (OWN_VARIANCE * variance + 1 - OWN_VARIANCE)
    return whitening, means @ whitening, precision


def features(
    logits: Tensor, whitening: Tensor, means: Tensor, precision: Tensor
) -> Tensor:
    """Return the numbers that the weights are for, (N, K + 2)."""
    ordered = logits.sort(dim=1, descending=True).values
    apart = (logits @ whitening).unsqueeze(1) - means  # (N, K, K)
    distance = (apart.square() * precision).sum(dim=2).amin(dim=1).sqrt()
    surest = logits.softmax(dim=1).amax(dim=1)
    return torch.cat([ordered, distance.unsqueeze(1), surest.unsqueeze(1)], dim=1)


def regress(known: Tensor, strange: Tensor) -> Tensor:
    """Return weights and bias of a logistic regression; both kinds weigh the same."""
    rows = torch.cat([known, strange])
    centre, scale = rows.mean(dim=0), rows.std(dim=0) + SMALLEST
    rows = torch.cat([(rows - centre) / scale, rows.new_ones(len(rows), 1)], dim=1)
    truth = torch.cat([known.new_ones(len(known)), strange.new_zeros(len(strange))])
    counts = torch.where(truth == 1, len(known), len(strange))
    shares = 0.5 / counts.double()
    weights = rows.new_zeros(rows.shape[1])
    ridge = RIDGE * torch.eye(len(weights), dtype=rows.dtype)
    # The bend that it has at most (Boehning 1992): so no step can go too far.
    most = torch.linalg.cholesky((rows.T * shares / 4) @ rows + ridge)
    for _ in range(STEPS):
        missed = (rows @ weights).sigmoid() - truth
        slope = rows.T @ (shares * missed) + RIDGE * weights
        step = torch.cholesky_solve(slope.unsqueeze(1), most)
        weights = weights - step.squeeze(1)
    return torch.cat(
        [weights[:-1] / scale, weights[-1:] - (weights[:-1] * centre / scale).sum()]
    )


def known_share(logits: Tensor, familiarity: Familiarity | None) -> float | None:
    """Return the share of images, by their logits (N, K), that are familiar."""
    if familiarity is None:
        return None
    scores = score(logits, familiarity)
    return (scores >= familiarity.threshold).double().mean().item()


def score(logits: Tensor, familiarity: Familiarity) -> Tensor:
    """Return how familiar the pictures of logits (N, K) are, (N,) in float64."""
    geometry = (
        torch.tensor(part, dtype=torch.double)
        for part in (familiarity.whitening, familiarity.means, familiarity.precision)
    )
    weights = torch.tensor(familiarity.weights, dtype=torch.double)
    found = features(logits.detach().to("cpu", torch.double), *geometry)
    return found @ weights + familiarity.bias
