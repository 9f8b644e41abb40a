"""What a network makes of images that it does not learn from."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, pad

from app.vision.preprocessing import Preprocessing
from app.vision.tensors import normalize
from worker.data import Split
from worker.precision import Precision, arithmetic

EVALUATION_BATCH = 500
PREPROCESSING = Preprocessing()
SHIFTS = tuple(product((-1, 0, 1), repeat=2))


@dataclass(frozen=True)
class Measurement:
    """Mean loss per image in nats, share of right answers, and logits (N, classes)."""

    loss: float
    accuracy: float
    logits: Tensor


def evaluate(
    network: nn.Module,
    images: Split,
    precision: Precision = "fp32",
    *,
    shifted: bool = False,
) -> Measurement:
    """Measure a network; shifted: by its mean opinion of nine places of each image."""
    network.eval()
    logits = torch.cat(list(batch_logits(network, images, precision, shifted=shifted)))
    correct = (logits.argmax(dim=1) == images.labels).double()
    return Measurement(
        loss=cross_entropy(logits, images.labels).item(),
        accuracy=correct.mean().item(),
        logits=logits,
    )


@torch.inference_mode()
def batch_logits(
    network: nn.Module, images: Split, precision: Precision, *, shifted: bool
) -> Iterator[Tensor]:
    """Yield logits (batch, classes) in fp32 until all images had their turn."""
    for pixels in images.images.split(EVALUATION_BATCH):
        batch = normalize(pixels, PREPROCESSING)
        with arithmetic(batch.device, precision):
            yield mean_opinion(network, batch) if shifted else network(batch).float()


def mean_opinion(network: nn.Module, batch: Tensor) -> Tensor:
    """Return logarithms of probabilities, averaged over shifts by a pixel."""
    height, width = batch.shape[-2:]
    wide = pad(batch, (1, 1, 1, 1))
    total = sum(
        (
            network(
                wide[..., 1 + down : 1 + down + height, 1 + right : 1 + right + width]
            )
            .float()
            .softmax(dim=1)
        )
        for down, right in SHIFTS
    )
    mean: Tensor = torch.as_tensor(total) / len(SHIFTS)
    return mean.log()
