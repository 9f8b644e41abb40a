"""A run that was saved and restored is the run that was not interrupted."""

import pytest
import safetensors.torch
import torch

from app.spec import TrainingSpec
from tests.factories import dataset_of_bars, tiny_spec
from worker.run import TrainingRun, start_run
from worker.state import restore_run, save_run
from worker.training import EpochResult, StepResult, train

DATASET = dataset_of_bars(train=9)
TUTORIAL = tiny_spec()

CASES: dict[str, dict[str, object]] = {
    "the tutorial": {"shuffle": False},
    "rmsprop": {"optimizer": {"kind": "rmsprop"}},
    "rmsprop with momentum": {"optimizer": {"kind": "rmsprop", "momentum": 0.9}},
    "sgd": {"optimizer": {"kind": "sgd"}},
    "sgd with momentum": {"optimizer": {"kind": "sgd", "momentum": 0.9}},
    "sgd with nesterov": {
        "optimizer": {"kind": "sgd", "momentum": 0.9, "nesterov": True}
    },
    "adam": {"optimizer": {"kind": "adam"}},
    "adamw": {"optimizer": {"kind": "adamw", "weight_decay": 0.01}},
    "muon": {"optimizer": {"kind": "muon"}},
    "a schedule": {"schedule": {"kind": "one_cycle"}},
    "stairs": {"schedule": {"kind": "step", "every_epochs": 1}},
    "a warm-up": {"schedule": {"kind": "cosine", "warmup_epochs": 1.0}},
    "an average": {"ema_decay": 0.9},
    "batch normalisation": {"architecture": "small_bn", "ema_decay": 0.9},
    "a residual network": {"architecture": "resnet_mini"},
    "augmentation": {"augmentation": {"rotate": 15.0, "elastic": 1.0, "erase": 0.3}},
    "bf16": {"precision": "bf16"},
    "clipping and smoothing": {"max_gradient_norm": 0.1, "label_smoothing": 0.1},
    "early stopping": {"early_stopping": {"patience": 1}, "learning_rate": 1e-9},
    "a fold": {"validation_fold": {"folds": 3, "fold": 2}, "validation_size": None},
}


def saved_at_each_result(
    spec: TrainingSpec,
) -> tuple[list[bytes], list[StepResult | EpochResult]]:
    """Train to the end; return the state before and after each result."""
    run = start_run(spec)
    states, results = [save_run(run)], []
    for result in train(run, spec, DATASET):
        states.append(save_run(run))
        results.append(result)
    return states, results


def restored(spec: TrainingSpec, state: bytes) -> TrainingRun:
    run = start_run(spec)
    restore_run(run, state)
    return run


@pytest.mark.parametrize("values", CASES.values(), ids=CASES)
def test_a_run_restored_at_any_step_ends_the_same_to_the_bit(
    values: dict[str, object],
) -> None:
    spec = tiny_spec(**{"learning_rate": 0.01, "shuffle": True} | values)
    states, results = saved_at_each_result(spec)

    for place, state in enumerate(states):
        run = restored(spec, state)
        assert list(train(run, spec, DATASET)) == results[place:]
        assert save_run(run) == states[-1]


@pytest.fixture(scope="module")
def states() -> list[bytes]:
    """Give the states of the tutorial's run, before and after each result."""
    return saved_at_each_result(TUTORIAL)[0]


def test_to_save_a_run_does_not_change_it(states: list[bytes]) -> None:
    unsaved = start_run(TUTORIAL)

    list(train(unsaved, TUTORIAL, DATASET))

    assert save_run(unsaved) == states[-1]


def test_a_restored_run_is_saved_as_it_was(states: list[bytes]) -> None:
    assert [save_run(restored(TUTORIAL, state)) for state in states] == states


def test_a_restored_run_knows_its_place(states: list[bytes]) -> None:
    runs = [restored(TUTORIAL, state) for state in states]

    places = [(run.epoch, run.step) for run in runs]

    assert places == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2), (3, 0)]


def test_restored_averages_lie_in_memory_as_their_weights_do(
    states: list[bytes],
) -> None:
    run = restored(TUTORIAL, states[-1])

    [optimizer] = run.optimizers
    for weight, entries in optimizer.state.items():
        assert entries["square_avg"].stride() == weight.stride()


def test_a_state_holds_tensors_by_name_and_nothing_pickled(states: list[bytes]) -> None:
    tensors = safetensors.torch.load(states[-1])

    assert {name.split(".")[0] for name in tensors} == {
        "network",
        "optimizer",
        "random",
        "sums",
    }
    assert tensors["random.cpu"].dtype == torch.uint8


def test_plain_numbers_of_an_optimizer_return_too() -> None:
    spec = tiny_spec(optimizer={"kind": "sgd"})
    run = start_run(spec)
    run.optimizers[0].state[next(run.network.parameters())]["count"] = 3

    [optimizer] = restored(spec, save_run(run)).optimizers
    [entries] = optimizer.state.values()

    assert entries == {"count": 3}
