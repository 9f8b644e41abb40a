"""An architecture can be made of its parts, resolved and changed; itself it stays."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.architecture import (
    Architecture,
    NormalWeights,
    check_architecture,
    missing_dropouts,
)
from app.architecture.layers import FlattenLayer, Layer, LinearLayer
from app.architecture.parts import Flatten, Linear

Json = dict[str, Any]

DROPOUT: Json = {"dropout": 0.25}
BLOCK: Json = {"residual": {"layers": [{"batch_norm": {}}, DROPOUT]}}


def architecture_of(*layers: Json) -> Architecture:
    return Architecture.model_validate({"layers": list(layers)})


def test_layers_can_be_objects() -> None:
    layers: list[Layer] = [
        FlattenLayer(flatten=Flatten()),
        LinearLayer(linear=Linear(units=3)),
    ]

    architecture = Architecture(layers=layers)

    assert architecture == architecture_of({"flatten": {}}, {"linear": 3})


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ({"activation": "relu"}, {"activation": {"kind": "relu"}}),
        (
            {"activation": "leaky_relu"},
            {"activation": {"kind": "leaky_relu", "slope": 0.01}},
        ),
        ({"dropout": 0}, {"dropout": {"probability": 0.0, "kind": "element"}}),
        ({"linear": 5}, {"linear": {"units": 5, "bias": True}}),
        ({"linear": "classes"}, {"linear": {"units": "classes", "bias": True}}),
        (
            {"pool": {"kind": "max", "size": 3}},
            {"pool": {"kind": "max", "size": 3, "stride": 3, "padding": "valid"}},
        ),
    ],
)
def test_a_shorthand_is_written_out(
    short: dict[str, object], long: dict[str, object]
) -> None:
    assert architecture_of(short).model_dump()["layers"] == [long]


def test_dropouts_of_branches_are_replaced_too() -> None:
    replaced = architecture_of(BLOCK, DROPOUT).with_dropout(0.5, None)

    [block, dropout] = replaced.model_dump()["layers"]

    assert block["residual"]["layers"][1] == dropout
    assert dropout["dropout"]["probability"] == 0.5


def test_a_dropout_in_a_branch_is_one_that_can_be_replaced() -> None:
    architecture = architecture_of(BLOCK, {"flatten": {}}, {"linear": 3})

    [fault] = missing_dropouts(architecture, {"front": 0.1, "back": 0.1})

    assert (fault.place, fault.code) == (("back",), "no_dropout_layer")


def test_classes_have_to_be_a_number_before_shapes_are_traced() -> None:
    with pytest.raises(TypeError, match="number of classes"):
        check_architecture(architecture_of({"linear": "classes"}), (4,), 10)


def test_weights_start_by_kaiming_unless_told() -> None:
    layers: list[Json] = [{"linear": 3}]
    normal = {"layers": layers, "initial_weights": {"kind": "normal"}}

    assert architecture_of(*layers).initial_weights.kind == "kaiming"
    told = Architecture.model_validate(normal).initial_weights
    assert told == NormalWeights(kind="normal", std=0.01)


@pytest.mark.parametrize("count", [0, 101])
def test_there_are_some_layers_but_not_too_many(count: int) -> None:
    with pytest.raises(ValidationError):
        architecture_of(*[{"linear": 3}] * count)
