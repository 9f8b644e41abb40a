"""The named architectures are what their papers and the tutorial count."""

from typing import get_args

import pytest

from app.architecture import (
    NAMED,
    Architecture,
    ArchitectureName,
    Trace,
    check_architecture,
    named_architecture,
)

PICTURE = (1, 28, 28)


def way_through(name: ArchitectureName, classes: int = 10) -> Trace:
    architecture = named_architecture(name).for_classes(classes)
    return check_architecture(architecture, PICTURE, classes)


def test_every_name_has_its_layers() -> None:
    assert get_args(ArchitectureName) == tuple(NAMED)


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("classes", [2, 47])
def test_a_named_architecture_fits_any_number_of_classes(
    name: ArchitectureName, classes: int
) -> None:
    assert way_through(name, classes).shape == (classes,)


@pytest.mark.parametrize("name", NAMED)
def test_a_named_architecture_survives_json(name: ArchitectureName) -> None:
    architecture = named_architecture(name)

    assert architecture.name == name
    assert Architecture.model_validate(architecture.model_dump()) == architecture
    assert (
        Architecture.model_validate_json(architecture.model_dump_json()) == architecture
    )


# Counted by hand: weights and biases, then multiply-adds of convolutions and linears.
COUNTS: dict[ArchitectureName, tuple[list[int], list[int]]] = {
    "tutorial": (
        [288, 18_432, 73_728, 1_280_000, 6_250],
        [
            28 * 28 * 288,
            14 * 14 * 18_432,
            7 * 7 * 73_728,
            2048 * 625,
            625 * 10,
        ],
    ),
    "lenet5": (
        [6 * 26, 16 * 151, 120 * 401, 84 * 121, 10 * 85],
        [784 * 6 * 25, 100 * 16 * 150, 120 * 400, 84 * 120, 840],
    ),
    "mlp": (
        [512 * 785, 512 * 513, 10 * 513],
        [512 * 784, 512 * 512, 5120],
    ),
    "small_bn": (
        [144, 32, 4608, 64, 18_432, 128, 128 * 1025, 10 * 129],
        [784 * 144, 196 * 4608, 49 * 18_432, 128 * 1024, 1280],
    ),
}


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_and_multiply_adds_are_those_counted_by_hand(
    name: ArchitectureName,
) -> None:
    parameters, multiply_adds = COUNTS[name]

    rows = way_through(name).rows

    steps = [row.step for row in rows]
    assert [step.parameters for step in steps if step.parameters] == parameters
    assert [step.multiply_adds for step in steps if step.multiply_adds] == multiply_adds


def test_the_tutorial_has_its_number_of_parameters() -> None:
    way = way_through("tutorial")

    assert (way.parameters, way.multiply_adds) == (1_378_698, 8_737_386)


def test_lenet_has_the_number_of_parameters_that_everybody_quotes() -> None:
    assert way_through("lenet5").parameters == 61_706


def test_formulas_are_the_tutorials_with_numbers() -> None:
    rows = way_through("tutorial").by_name

    assert rows["0"].step.formulas == (
        "(28 − 3 + 2·1)/1 + 1 = 28",  # noqa: RUF001
        "32·3·3·1 = 288 weights",
    )
    assert rows["10"].step.formulas == ("(7 − 2 + 0 + 1)/2 + 1 = 4",)  # noqa: RUF001
    assert rows["12"].step.formulas == ("128·4·4 = 2048",)
    assert rows["13"].step.formulas == ("2048·625 = 1,280,000 weights",)


def test_a_size_that_same_rounds_up_is_written_so() -> None:
    conv = {"filters": 4, "kernel": 1, "stride": 3, "padding": "same"}
    asked = Architecture.model_validate(
        {"layers": [{"conv": conv}, {"flatten": {}}, {"linear": 10}]}
    )

    way = check_architecture(asked, (2, 28, 27), 10)

    assert way.rows[0].step.formulas == (
        "(28 − 1 + 2·0)/3 + 1 = 10",  # noqa: RUF001
        "ceil(27/3) = 9",
        "4·1·1·2 = 8 weights, and 4 biases",
    )


def test_without_sharing_the_example_of_the_course_has_a_hundred_million() -> None:
    conv = {"filters": 96, "kernel": 11, "stride": 4}
    asked = Architecture.model_validate(
        {
            "layers": [
                {"conv": conv},
                {"pool": {"kind": "global_average"}},
                {"flatten": {}},
                {"linear": 10},
            ]
        }
    )

    row = check_architecture(asked, (3, 227, 227), 10).rows[0]

    assert row.step.output == (96, 55, 55)
    assert row.step.parameters == 34_944
    assert row.unshared_parameters == 105_705_600
