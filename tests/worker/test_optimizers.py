"""Each number of a spec reaches torch's optimizer under torch's name."""

import pytest
from torch import nn, optim

from tests.factories import tiny_spec
from worker.optimizers import build_optimizers, set_learning_rate
from worker.rmsprop import FusedRMSprop


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))


def build(choice: dict[str, object]) -> list[optim.Optimizer]:
    spec = tiny_spec(learning_rate=0.03, optimizer=choice)
    return build_optimizers(network(), spec)


CASES: dict[str, tuple[dict[str, object], type[optim.Optimizer], dict[str, object]]] = {
    "rmsprop": (
        {"kind": "rmsprop", "decay": 0.8, "momentum": 0.7, "epsilon": 1e-5},
        FusedRMSprop,
        {"alpha": 0.8, "momentum": 0.7, "eps": 1e-5, "weight_decay": 0},
    ),
    "the tutorial's rmsprop": (
        {"kind": "rmsprop"},
        FusedRMSprop,
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
    [optimizer] = build(choice)

    group = optimizer.param_groups[0]
    assert type(optimizer) is kind
    assert {name: group[name] for name in numbers} == numbers
    assert group["lr"] == 0.03


def test_biases_do_not_decay() -> None:
    [optimizer] = build({"kind": "adamw", "weight_decay": 0.25})

    decays = {
        weight.dim(): group["weight_decay"]
        for group in optimizer.param_groups
        for weight in group["params"]
    }
    assert decays == {2: 0.25, 1: 0.0}


def test_muon_has_the_hidden_matrices_and_adamw_all_else() -> None:
    muon, adamw = build({"kind": "muon", "momentum": 0.5})

    assert isinstance(muon, optim.Muon)
    assert isinstance(adamw, optim.AdamW)
    shapes = [
        [tuple(w.shape) for group in one.param_groups for w in group["params"]]
        for one in (muon, adamw)
    ]
    assert shapes == [[(4, 4)], [(4,), (2, 4), (2,)]]
    assert muon.param_groups[0]["momentum"] == 0.5


def test_without_a_hidden_matrix_muon_has_nothing_to_do() -> None:
    spec = tiny_spec(optimizer={"kind": "muon"})

    [only] = build_optimizers(nn.Linear(4, 2), spec)

    assert isinstance(only, optim.AdamW)


def test_a_learning_rate_reaches_every_group_by_its_factor() -> None:
    optimizers = build({"kind": "muon", "adamw_learning_rate_factor": 0.5})

    set_learning_rate(optimizers, 0.25)

    assert [one.param_groups[0]["lr"] for one in optimizers] == [0.25, 0.125]
