"""The loop trains when it is asked to, and reports what it did."""

from itertools import islice

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from app.spec import TrainingSpec
from app.vision.preprocessing import Preprocessing
from app.vision.tensors import normalize
from tests.factories import dataset_of_bars, split_of_bars, tiny_spec
from worker.data import Dataset, Split
from worker.evaluation import evaluate
from worker.run import TrainingRun, start_run
from worker.training import EpochResult, StepResult, train

STILL: dict[str, object] = {
    "optimizer": {"kind": "sgd"},
    "learning_rate": 1e-30,
    "dropout_conv": 0.0,
    "dropout_hidden": 0.0,
}


def weights_of(run: TrainingRun) -> list[Tensor]:
    return [weight.detach().clone() for weight in run.network.parameters()]


def are_equal(first: list[Tensor], second: list[Tensor]) -> bool:
    return all(map(torch.equal, first, second))


def trained(
    spec: TrainingSpec, dataset: Dataset
) -> tuple[list[StepResult | EpochResult], list[Tensor]]:
    run = start_run(spec)
    return list(train(run, spec, dataset)), weights_of(run)


def mean_loss(run: TrainingRun, images: Split) -> float:
    with torch.inference_mode():
        logits = run.network(normalize(images.images, Preprocessing()))
        return cross_entropy(logits, images.labels).item()


def test_the_loop_can_memorise_one_batch() -> None:
    spec = tiny_spec(
        epochs=25,
        batch_size=10,
        optimizer={"kind": "adam"},
        dropout_conv=0.0,
        dropout_hidden=0.0,
    )
    dataset = dataset_of_bars(train=10)

    results, _weights = trained(spec, dataset)

    epochs = [result for result in results if isinstance(result, EpochResult)]
    assert epochs[-1].train_accuracy == 1.0
    assert epochs[-1].val_accuracy == 1.0
    assert epochs[-1].train_loss < epochs[0].train_loss / 10


def test_each_step_and_each_epoch_is_a_result() -> None:
    results, _weights = trained(tiny_spec(epochs=2), dataset_of_bars(train=9))

    assert [result for result in results if isinstance(result, StepResult)] == [
        StepResult(epoch=1, step=1, steps=2),
        StepResult(epoch=1, step=2, steps=2),
        StepResult(epoch=2, step=1, steps=2),
        StepResult(epoch=2, step=2, steps=2),
    ]
    assert [type(result) for result in results].index(EpochResult) == 2
    assert isinstance(results[5], EpochResult)


def test_nothing_happens_before_it_is_asked_for() -> None:
    spec = tiny_spec(epochs=100)
    run = start_run(spec)
    before = weights_of(run)

    results = train(run, spec, dataset_of_bars())
    assert are_equal(weights_of(run), before)

    next(results)
    assert not are_equal(weights_of(run), before)
    assert (run.epoch, run.step) == (1, 1)


def test_the_same_seed_gives_the_same_numbers_to_the_bit() -> None:
    spec, dataset = tiny_spec(shuffle=True), dataset_of_bars()

    first_results, first_weights = trained(spec, dataset)
    second_results, second_weights = trained(spec, dataset)

    assert second_results == first_results
    assert are_equal(second_weights, first_weights)


@pytest.mark.parametrize("values", [{"seed": 8}, {"shuffle": True}])
def test_another_seed_or_order_gives_other_weights(values: dict[str, object]) -> None:
    _results, weights = trained(tiny_spec(), dataset_of_bars())
    _results, others = trained(tiny_spec(**values), dataset_of_bars())

    assert not are_equal(weights, others)


def test_losses_are_means_per_image() -> None:
    spec, dataset = tiny_spec(epochs=1, batch_size=4, **STILL), dataset_of_bars(9)
    run = start_run(spec)

    [result] = islice(train(run, spec, dataset), 2, 3)

    assert isinstance(result, EpochResult)
    seen = dataset.train.select(torch.arange(8))
    assert result.train_loss == pytest.approx(mean_loss(run, seen), rel=1e-6)
    assert result.val_loss == pytest.approx(mean_loss(run, dataset.val), rel=1e-6)


def test_accuracies_are_shares_of_the_images() -> None:
    spec, dataset = tiny_spec(epochs=1, **STILL), dataset_of_bars()
    run = start_run(spec)

    result = list(train(run, spec, dataset))[-1]

    logits: Tensor = run.network(normalize(dataset.train.images, Preprocessing()))
    share = (logits.argmax(dim=1) == dataset.train.labels).double().mean().item()
    assert isinstance(result, EpochResult)
    assert result.train_accuracy == share
    assert result.val_accuracy == evaluate(run.network, dataset.val).accuracy


def test_each_epoch_is_summed_up_by_itself() -> None:
    results, _weights = trained(tiny_spec(epochs=2, **STILL), dataset_of_bars())

    first, second = (result for result in results if isinstance(result, EpochResult))
    assert second.train_loss == pytest.approx(first.train_loss, rel=1e-6)
    assert second.train_accuracy == first.train_accuracy


def test_dropout_is_on_in_steps_and_off_in_evaluations() -> None:
    spec = tiny_spec()
    run = start_run(spec)
    modes = [run.network.training for _result in train(run, spec, dataset_of_bars())]

    assert modes == [True, True, False, True, True, False]


def test_the_validation_images_have_no_influence_on_the_weights() -> None:
    dataset = dataset_of_bars()
    others = Dataset(dataset.train, split_of_bars(9), dataset.test, ())

    _results, weights = trained(tiny_spec(), dataset)
    _results, same_weights = trained(tiny_spec(), others)

    assert are_equal(weights, same_weights)


def test_dropout_of_the_spec_reaches_the_network() -> None:
    _results, none = trained(tiny_spec(dropout_hidden=0.0), dataset_of_bars())
    _results, half = trained(tiny_spec(dropout_hidden=0.5), dataset_of_bars())

    assert not are_equal(none, half)
