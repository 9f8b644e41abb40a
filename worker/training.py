"""The training loop: tensors in, results out; no database, no queue, no log."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from app.spec import TrainingSpec
from app.vision.calibration import fit_temperature
from app.vision.familiarity import Familiarity
from app.vision.tensors import normalize
from worker.augmentation import augment
from worker.data import Dataset, Split, epoch_batches
from worker.evaluation import PREPROCESSING, evaluate
from worker.familiarity import fit_familiarity
from worker.gradients import fill_gradients
from worker.optimizers import set_learning_rate, step_all
from worker.outliers import epoch_outliers
from worker.run import TrainingRun
from worker.schedules import learning_rate


@dataclass(frozen=True)
class StepResult:
    """One optimizer update: where it stands in its epoch, both counted from 1."""

    epoch: int
    step: int
    steps: int


@dataclass(frozen=True)
class EpochResult:
    """One pass over the training images; losses are means per image, in nats.

    The temperature fits the validation images: logits divided by it are calibrated.
    """

    epoch: int
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float
    temperature: float = 1.0
    familiarity: Familiarity | None = None


def train(
    run: TrainingRun, spec: TrainingSpec, dataset: Dataset
) -> Iterator[StepResult | EpochResult]:
    """Train run in place from where it stands; to stop is to ask no more.

    Whenever a result is out, the run can be saved and later go on from there. The
    loop ends after the last epoch, or the one after which `run.stopping` says why.
    """
    while run.epoch <= spec.epochs and run.stopping.reason is None:
        batches = epoch_batches(dataset.train, spec, run.epoch)
        outliers = epoch_outliers(dataset.train, spec, run.epoch)
        run.network.train()
        while run.step < len(batches):
            batch = dataset.train.select(batches[run.step])
            take_step(run, spec, batch, outliers[run.step], len(batches))
            yield StepResult(run.epoch, run.step, len(batches))
        yield close_epoch(run, spec, dataset)


def cut_epoch(run: TrainingRun, spec: TrainingSpec, dataset: Dataset) -> EpochResult:
    """Close the epoch where it stands, so that a job stopped early has a result."""
    return close_epoch(run, spec, dataset)


def take_step(
    run: TrainingRun, spec: TrainingSpec, batch: Split, outliers: Tensor, steps: int
) -> None:
    """Make one optimizer update from a batch, in an epoch of so many steps."""
    done = (run.epoch - 1) * steps + run.step
    images = normalize(torch.cat([batch.images, outliers]), PREPROCESSING)
    if spec.augmentation is not None:
        chance = step_generator(run, spec.seed, done)
        changed = augment(images, spec.augmentation, chance)
        images = torch.empty_like(images).copy_(changed)  # as normalize strides them
    loss, logits = fill_gradients(run, spec, images, batch.labels)
    if spec.max_gradient_norm is not None:
        clip_grad_norm_(run.network.parameters(), spec.max_gradient_norm)
    set_learning_rate(run.optimizers, learning_rate(spec, done, steps))
    step_all(run.optimizers)
    if run.average is not None:
        run.average.update(done + 1)
    run.loss_sum += loss * len(batch)
    run.correct += (logits.argmax(dim=1) == batch.labels.to(logits.device)).sum()
    run.step += 1


def step_generator(run: TrainingRun, seed: int, done: int) -> torch.Generator:
    """Return a generator of this step alone, so that a resumed job draws the same."""
    generator = torch.Generator(run.device)
    return generator.manual_seed((seed * 1_000_003 + done) % 2**63)


def close_epoch(run: TrainingRun, spec: TrainingSpec, dataset: Dataset) -> EpochResult:
    """Measure, turn the epoch's sums into means, and go to the next epoch's start."""
    network, val = run.result_network, dataset.val
    measured = evaluate(network, val, run.precision)
    seen = run.step * spec.batch_size
    result = EpochResult(
        epoch=run.epoch,
        train_loss=run.loss_sum.item() / seen,
        train_accuracy=run.correct.item() / seen,
        val_loss=measured.loss,
        val_accuracy=measured.accuracy,
        temperature=fit_temperature(measured.logits, val.labels),
        familiarity=fit_familiarity(network, dataset, measured.logits, run.precision),
    )
    run.stopping.judge(spec, result)
    run.epoch += 1
    run.step = 0
    run.loss_sum.zero_()
    run.correct.zero_()
    return result
