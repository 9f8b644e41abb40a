"""Names and shapes of weights are told as torch builds them."""

import pytest

from app.architecture import (
    NAMED,
    Architecture,
    for_other_classes,
    misfits,
    named_architecture,
    starting_weights,
    weight_shapes,
)
from app.spec import PRESETS, TrainingSpec
from app.vision.network import build_network
from tests.factories import PICTURE

PROJECTED = Architecture.model_validate(
    {
        "layers": [
            {"conv": {"filters": 4, "kernel": 3, "padding": "same", "groups": 1}},
            {
                "residual": {
                    "layers": [
                        {
                            "conv": {
                                "filters": 8,
                                "kernel": 3,
                                "stride": 2,
                                "padding": "same",
                                "groups": 2,
                            }
                        },
                        {"batch_norm": {}},
                    ],
                    "shortcut": "projection",
                }
            },
            {"flatten": {}},
            {"linear": {"units": "classes", "bias": False}},
        ]
    }
)
ALL: dict[str, Architecture] = {
    **{name: named_architecture(name) for name in NAMED},
    **{name: TrainingSpec(preset=name, seed=0).architecture for name in PRESETS},
    "projected": PROJECTED,
}


@pytest.mark.parametrize("name", ALL)
def test_the_shapes_are_those_that_torch_builds(name: str) -> None:
    architecture = ALL[name].for_classes(10)
    built = build_network(architecture, PICTURE).state_dict()

    shapes = weight_shapes(architecture, PICTURE)

    assert shapes == {key: tuple(value.shape) for key, value in built.items()}


def test_another_number_of_classes_replaces_the_head_alone() -> None:
    parent = named_architecture("mlp").for_classes(10)
    child = for_other_classes(parent, 26)

    start = starting_weights(child, PICTURE, parent, PICTURE)

    head = max(int(name.partition(".")[0]) for name in weight_shapes(child, PICTURE))
    assert start.faults == []
    assert start.replaced == [f"{head}.weight", f"{head}.bias"]


def test_the_same_network_replaces_nothing() -> None:
    network = named_architecture("lenet5").for_classes(10)

    start = starting_weights(network, PICTURE, network, PICTURE)

    assert (start.replaced, start.faults) == ([], [])


def test_a_convolution_can_be_the_head() -> None:
    parent = named_architecture("all_conv").for_classes(10)

    child = for_other_classes(parent, 3)

    assert starting_weights(child, PICTURE, parent, PICTURE).faults == []


def test_a_layer_that_does_not_fit_is_named_at_its_place() -> None:
    parent = named_architecture("mlp").for_classes(10)
    child = named_architecture("lenet5").for_classes(10)

    faults = misfits(child, PICTURE, weight_shapes(parent, PICTURE))

    assert faults[0].place[:2] == ("layers", 0)
    assert "0.weight" in faults[0].message
    assert {fault.code for fault in faults} == {"checkpoint_does_not_fit"}


def test_weights_that_nobody_wants_are_named() -> None:
    network = named_architecture("mlp").for_classes(10)
    found = weight_shapes(network, PICTURE) | {"99.weight": (1,)}

    [fault] = misfits(network, PICTURE, found)

    assert fault.place == ("layers",)
    assert "99.weight" in fault.message


def test_a_network_without_weights_has_no_head() -> None:
    bare = Architecture.model_validate({"layers": [{"flatten": {}}]})

    assert for_other_classes(bare, 3) == bare
    assert weight_shapes(bare, PICTURE) == {}
