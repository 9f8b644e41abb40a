"""Each number of a spec reaches torch's optimizer under torch's name."""

import pytest
import torch
from torch import nn, optim

from tests.factories import tiny_spec
from worker.optimizers import build_optimizer


def build(choice: dict[str, object]) -> optim.Optimizer:
    spec = tiny_spec(learning_rate=0.03, optimizer=choice)
    return build_optimizer([nn.Parameter(torch.zeros(1))], spec)


CASES: dict[str, tuple[dict[str, object], type[optim.Optimizer], dict[str, object]]] = {
    "rmsprop": (
        {"kind": "rmsprop", "decay": 0.8, "momentum": 0.7, "epsilon": 1e-5},
        optim.RMSprop,
        {"alpha": 0.8, "momentum": 0.7, "eps": 1e-5, "weight_decay": 0},
    ),
    "the tutorial's rmsprop": (
        {"kind": "rmsprop"},
        optim.RMSprop,
        {"alpha": 0.9, "momentum": 0.0, "eps": 1e-10, "centered": False},
    ),
    "sgd": (
        {"kind": "sgd", "momentum": 0.6, "nesterov": True},
        optim.SGD,
        {"momentum": 0.6, "nesterov": True, "dampening": 0, "weight_decay": 0},
    ),
    "adam": (
        {
            "kind": "adam",
            "beta1": 0.5,
            "beta2": 0.75,
            "epsilon": 1e-4,
            "weight_decay": 0.01,
        },
        optim.Adam,
        {"betas": (0.5, 0.75), "eps": 1e-4, "weight_decay": 0.01},
    ),
    "adamw": (
        {"kind": "adamw", "beta1": 0.5, "weight_decay": 0.25},
        optim.AdamW,
        {"betas": (0.5, 0.999), "eps": 1e-8, "weight_decay": 0.25},
    ),
}


@pytest.mark.parametrize(("choice", "kind", "numbers"), CASES.values(), ids=CASES)
def test_every_number_arrives(
    choice: dict[str, object],
    kind: type[optim.Optimizer],
    numbers: dict[str, object],
) -> None:
    optimizer = build(choice)

    [group] = optimizer.param_groups
    assert type(optimizer) is kind
    assert {name: group[name] for name in numbers} == numbers
    assert group["lr"] == 0.03
