"""What a network makes of images that it does not learn from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, pad

from app.spec import TrainingSpec
from app.vision.preprocessing import Preprocessing
from app.vision.tensors import normalize
from worker.data import Split
from worker.precision import Precision, arithmetic

EVALUATION_BATCH = 500  # of 28x28; of larger ones as many as have as many pixels
EVALUATION_PIXELS = EVALUATION_BATCH * 28 * 28
PREPROCESSING = Preprocessing()


class View(NamedTuple):
    """How an image is shown to a network: moved by so many pixels, and mirrored."""

    down: int
    right: int
    mirrored: bool = False


ONCE = (View(0, 0),)
SHIFTED = tuple(View(down, right) for down, right in product((-1, 0, 1), repeat=2))


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
    views: Sequence[View] = ONCE,
) -> Measurement:
    """Measure a network, by its mean opinion if there are several views of an image."""
    network.eval()
    logits = torch.cat(list(batch_logits(network, images, precision, views)))
    correct = (logits.argmax(dim=1) == images.labels).double()
    return Measurement(
        loss=cross_entropy(logits, images.labels).item(),
        accuracy=correct.mean().item(),
        logits=logits,
    )


def views_for(spec: TrainingSpec) -> Sequence[View]:
    """Return how test images are shown: mirrored too if training mirrored them."""
    if not spec.test_time_augmentation:
        return ONCE
    if spec.augmentation is None or not spec.augmentation.flip:
        return SHIFTED
    return SHIFTED + tuple(view._replace(mirrored=True) for view in SHIFTED)


@torch.inference_mode()
def batch_logits(
    network: nn.Module, images: Split, precision: Precision, views: Sequence[View]
) -> Iterator[Tensor]:
    """Yield logits (batch, classes) in fp32 until all images had their turn."""
    height, width = images.images.shape[1:3]
    most = max(1, min(EVALUATION_BATCH, EVALUATION_PIXELS // (height * width)))
    for pixels in images.images.split(most):
        batch = normalize(pixels, PREPROCESSING)
        with arithmetic(batch.device, precision):
            if views == ONCE:
                yield network(batch).float()
            else:
                yield mean_opinion(network, batch, views)


def mean_opinion(network: nn.Module, batch: Tensor, views: Sequence[View]) -> Tensor:
    """Return logarithms of probabilities, averaged over views of the images."""
    wide = pad(batch, (1, 1, 1, 1))
    total = sum(network(seen(wide, view)).float().softmax(dim=1) for view in views)
    mean: Tensor = torch.as_tensor(total) / len(views)
    return mean.log()


def seen(wide: Tensor, view: View) -> Tensor:
    """Return images (N, C, H, W) in a view, from those with a margin of a pixel."""
    height, width = (side - 2 for side in wide.shape[-2:])
    top, left = 1 + view.down, 1 + view.right
    moved = wide[..., top : top + height, left : left + width]
    return moved.flip(-1) if view.mirrored else moved
