"""Either engine computes the same loss and the same gradients."""

import pytest
import torch
from torch import Tensor

from app.spec import TrainingSpec
from app.vision.preprocessing import Preprocessing
from app.vision.tensors import normalize
from tests.factories import dataset_of_bars, split_of_bars, tiny_spec
from worker.gradients import fill_gradients
from worker.rmsprop import lie_alike
from worker.run import TrainingRun, start_run
from worker.training import EpochResult, train

BY_HAND: dict[str, object] = {"preset": "by_hand", "train_images": 8, "batch_size": 4}


def gradients(spec: TrainingSpec) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
    """Return loss, logits and gradients of an untrained network on a batch."""
    run, batch = start_run(spec), split_of_bars(6)
    images = normalize(batch.images, Preprocessing())
    loss, logits = fill_gradients(run, spec, images, batch.labels)
    return loss, logits, dict(named_gradients(run))


def named_gradients(run: TrainingRun) -> list[tuple[str, Tensor]]:
    return [
        (name, weight.grad)
        for name, weight in run.network.named_parameters()
        if weight.grad is not None
    ]


def test_the_formulas_give_what_autograd_gives() -> None:
    spec = tiny_spec(**BY_HAND)
    autograd = spec.model_copy(update={"engine": "torch", "precision": "fp32"})

    loss, logits, by_hand = gradients(spec)
    same_loss, same_logits, by_autograd = gradients(autograd)

    assert loss.item() == pytest.approx(same_loss.item(), rel=1e-5)
    assert torch.allclose(logits, same_logits, atol=1e-5)
    assert by_hand.keys() == by_autograd.keys() != set()
    for name, gradient in by_hand.items():
        assert torch.allclose(gradient, by_autograd[name], atol=1e-5), name


@pytest.mark.parametrize("engine", ["numpy", "torch"])
def test_a_gradient_lies_in_memory_as_its_weight_does(engine: str) -> None:
    spec = tiny_spec(**BY_HAND | {"engine": engine})
    run, batch = start_run(spec), split_of_bars(6)

    fill_gradients(run, spec, normalize(batch.images, Preprocessing()), batch.labels)

    for weight in run.network.parameters():
        assert weight.grad is not None
        assert lie_alike(weight, weight.grad)


def test_smoothed_labels_cost_a_certain_answer_something() -> None:
    plain, _logits, _gradients = gradients(tiny_spec(label_smoothing=0.0))
    smooth, _logits, _gradients = gradients(tiny_spec(label_smoothing=0.5))

    # An untrained network is certain of nothing, so both are near log 10.
    assert plain.item() == pytest.approx(smooth.item(), rel=0.05)
    assert plain.item() != smooth.item()


def test_gradients_of_the_batch_before_are_forgotten() -> None:
    spec = tiny_spec(precision="fp32", dropout_conv=0.0, dropout_hidden=0.0)
    run, batch = start_run(spec), split_of_bars(6)
    images = normalize(batch.images, Preprocessing())

    fill_gradients(run, spec, images, batch.labels)
    first = {name: gradient.clone() for name, gradient in named_gradients(run)}
    fill_gradients(run, spec, images, batch.labels)

    for name, gradient in named_gradients(run):
        assert torch.equal(gradient, first[name])


def test_a_job_by_hand_learns() -> None:
    spec = tiny_spec(**BY_HAND | {"epochs": 12, "batch_size": 10, "train_images": 10})

    results = train(start_run(spec), spec, dataset_of_bars(train=10))

    losses = [x.train_loss for x in results if isinstance(x, EpochResult)]
    assert losses[-1] < losses[0] / 3
