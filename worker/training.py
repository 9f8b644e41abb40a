"""The training loop: tensors in, results out; no database, no queue, no log."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from app.spec import TrainingSpec
from app.vision.network import build_network
from app.vision.preprocessing import Preprocessing, normalize
from worker.data import Dataset, Split, epoch_batches
from worker.optimizers import build_optimizer

EVALUATION_BATCH = 500
CPU = torch.device("cpu")
PREPROCESSING = Preprocessing()


@dataclass(frozen=True)
class StepResult:
    """One optimizer update: where it stands in its epoch, both counted from 1."""

    epoch: int
    step: int
    steps: int


@dataclass(frozen=True)
class EpochResult:
    """One pass over the training images; losses are means per image, in nats."""

    epoch: int
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float


@dataclass
class TrainingRun:
    """All that changes while a network trains; worker.state saves and restores it."""

    network: nn.Module
    optimizer: torch.optim.Optimizer
    epoch: int = 1
    step: int = 0
    loss_sum: Tensor = field(
        default_factory=lambda: torch.zeros((), dtype=torch.double)
    )
    correct: Tensor = field(default_factory=lambda: torch.zeros((), dtype=torch.long))


def start_run(spec: TrainingSpec, device: torch.device = CPU) -> TrainingRun:
    """Return an untrained network and its optimizer, drawn from the spec's seed.

    The weights are drawn on the CPU, so they are the same for every device.
    """
    torch.manual_seed(spec.seed)
    network = build_network(spec.architecture, spec.pictures.shape).to(device)
    optimizer = build_optimizer(network.parameters(), spec)
    run = TrainingRun(network, optimizer)
    run.loss_sum, run.correct = run.loss_sum.to(device), run.correct.to(device)
    return run


def train(
    run: TrainingRun, spec: TrainingSpec, dataset: Dataset
) -> Iterator[StepResult | EpochResult]:
    """Train run in place from where it stands; to stop is to ask no more.

    Whenever a result is out, the run can be saved and later go on from there.
    """
    while run.epoch <= spec.epochs:
        batches = epoch_batches(len(dataset.train), spec, run.epoch)
        run.network.train()
        while run.step < len(batches):
            take_step(run, dataset.train.select(batches[run.step]))
            yield StepResult(run.epoch, run.step, len(batches))
        seen = len(batches) * spec.batch_size
        val_loss, val_accuracy = evaluate(run.network, dataset.val)
        yield close_epoch(run, seen, val_loss, val_accuracy)


def cut_epoch(run: TrainingRun, spec: TrainingSpec, dataset: Dataset) -> EpochResult:
    """Close the epoch where it stands, so that a job stopped early has a result."""
    val_loss, val_accuracy = evaluate(run.network, dataset.val)
    return close_epoch(run, run.step * spec.batch_size, val_loss, val_accuracy)


def take_step(run: TrainingRun, batch: Split) -> None:
    logits: Tensor = run.network(normalize(batch.images, PREPROCESSING))
    loss = cross_entropy(logits, batch.labels)
    run.optimizer.zero_grad(set_to_none=True)
    loss.backward()
    run.optimizer.step()
    run.loss_sum += loss.detach() * len(batch)
    run.correct += (logits.detach().argmax(dim=1) == batch.labels).sum()
    run.step += 1


def close_epoch(
    run: TrainingRun, seen: int, val_loss: float, val_accuracy: float
) -> EpochResult:
    """Turn the epoch's sums into means and set the run to the next epoch's start."""
    result = EpochResult(
        epoch=run.epoch,
        train_loss=run.loss_sum.item() / seen,
        train_accuracy=run.correct.item() / seen,
        val_loss=val_loss,
        val_accuracy=val_accuracy,
    )
    run.epoch += 1
    run.step = 0
    run.loss_sum.zero_()
    run.correct.zero_()
    return result


@torch.inference_mode()
def evaluate(network: nn.Module, images: Split) -> tuple[float, float]:
    """Return the mean loss and the accuracy over images."""
    network.eval()
    loss_sum, correct = 0.0, 0
    for indices in torch.arange(len(images)).split(EVALUATION_BATCH):
        batch = images.select(indices)
        logits: Tensor = network(normalize(batch.images, PREPROCESSING))
        loss_sum += cross_entropy(logits, batch.labels, reduction="sum").item()
        correct += int((logits.argmax(dim=1) == batch.labels).sum())
    return loss_sum / len(images), correct / len(images)
