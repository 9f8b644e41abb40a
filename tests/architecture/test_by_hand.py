"""The engine `numpy` says at submit what it cannot do."""

from typing import Any

import pytest

from app.architecture import Architecture, refusals_by_hand
from tests.factories import TUTORIAL


def architecture(*layers: object) -> Architecture:
    return Architecture.model_validate({"layers": [*layers]})


def test_the_tutorials_network_can_be_done_without_dropout() -> None:
    assert refusals_by_hand(TUTORIAL.with_dropout(0, 0)) == []


def test_every_dropout_of_the_tutorial_is_refused_at_its_place() -> None:
    faults = refusals_by_hand(TUTORIAL)

    assert [fault.place for fault in faults] == [
        ("layers", place, "dropout") for place in (3, 7, 11, 15)
    ]
    assert faults[0].value == {"probability": 0.2, "kind": "element"}


@pytest.mark.parametrize(
    "layer",
    [
        pytest.param({"batch_norm": {}}, id="batch norm"),
        pytest.param({"activation": "tanh"}, id="tanh"),
        pytest.param({"activation": "leaky_relu"}, id="leaky relu"),
        pytest.param({"pool": {"kind": "average", "size": 2}}, id="average"),
        pytest.param({"pool": {"kind": "global_average"}}, id="global average"),
        pytest.param({"conv": {"filters": 4, "kernel": 3, "groups": 2}}, id="groups"),
        pytest.param({"conv": {"filters": 4, "kernel": 3, "dilation": 2}}, id="holes"),
        pytest.param({"residual": {"layers": [{"activation": "relu"}]}}, id="residual"),
    ],
)
def test_a_layer_that_is_not_the_tutorials_is_refused(layer: dict[str, Any]) -> None:
    [fault] = refusals_by_hand(architecture({"flatten": {}}, layer))

    [kind] = layer
    assert fault.place == ("layers", 1, kind)
    assert fault.code == "not_by_hand"
    assert fault.message.startswith(f"The engine `numpy` cannot do this {kind}; it can")
