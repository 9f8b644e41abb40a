"""Each part of a spec keeps its own bounds and rules."""

import math

import pytest

from app.spec import Constant, Fold, OneCycle, TrainingSpec
from tests.spec.bounds import FRACTION, SMALLEST, Bound, refusals

bounds = pytest.mark.parametrize(
    ("part", "field", "bound"),
    [
        (
            {"schedule": {"kind": "constant"}},
            "warmup_epochs",
            (-0.1, 0.0, 1e3, 1e3 + 1),
        ),
        ({"schedule": {"kind": "step"}}, "every_epochs", (0, 1, 1000, 1001)),
        ({"schedule": {"kind": "step"}}, "factor", (0.0, SMALLEST, 1.0, 1.1)),
        ({"schedule": {"kind": "cosine"}}, "final_fraction", FRACTION),
        ({"schedule": {"kind": "cosine"}}, "warmup_epochs", (-0.1, 0.0, 1e3, 1e3 + 1)),
        (
            {"schedule": {"kind": "one_cycle"}},
            "peak_at",
            (0.0, SMALLEST, math.nextafter(1, 0), 1.0),
        ),
        ({"schedule": {"kind": "one_cycle"}}, "start_fraction", FRACTION),
        ({"schedule": {"kind": "one_cycle"}}, "final_fraction", FRACTION),
        ({"augmentation": {}}, "translate", (-1.0, 0.0, 14.0, 14.1)),
        ({"augmentation": {}}, "rotate", (-1.0, 0.0, 180.0, 180.1)),
        ({"augmentation": {}}, "scale", (-0.1, 0.0, 0.9, 0.91)),
        ({"augmentation": {}}, "shear", (-1.0, 0.0, 60.0, 60.1)),
        ({"augmentation": {}}, "elastic", (-1.0, 0.0, 10.0, 10.1)),
        ({"augmentation": {}}, "thickness", (-0.1, 0.0, 1.0, 1.1)),
        ({"augmentation": {}}, "elastic_smoothness", (0.9, 1.0, 14.0, 14.1)),
        ({"augmentation": {}}, "erase", FRACTION),
        ({"augmentation": {}}, "strength", (-0.1, 0.0, 2.0, 2.1)),
        ({"early_stopping": {}}, "patience", (0, 1, 1000, 1001)),
        ({"early_stopping": {}}, "min_delta", (-0.1, 0.0, 10.0, 10.1)),
        (
            {"target_metric": {"metric": "val_loss"}},
            "value",
            (-0.1, 0.0, 100.0, 100.1),
        ),
        ({"validation_fold": {"fold": 1}}, "folds", (1, 2, 20, 21)),
    ],
)
Part = dict[str, dict[str, object]]


def with_value(part: Part, field: str, value: float) -> Part:
    [(name, values)] = part.items()
    return {name: {**values, field: value}}


@bounds
def test_a_value_on_its_bound_is_accepted(part: Part, field: str, bound: Bound) -> None:
    for edge in bound[1:3]:
        spec = TrainingSpec.model_validate(with_value(part, field, edge))
        [name] = part
        assert getattr(getattr(spec, name), field) == edge


@bounds
def test_a_value_beyond_its_bound_is_refused(
    part: Part, field: str, bound: Bound
) -> None:
    for beyond in (bound[0], bound[3]):
        [(place, _reason)] = refusals(with_value(part, field, beyond))
        assert place.split(".")[-1] == field


def test_a_job_that_says_nothing_of_it_keeps_its_learning_rate() -> None:
    assert TrainingSpec().schedule == Constant()


def test_a_schedule_is_known_by_its_kind() -> None:
    spec = TrainingSpec.model_validate({"schedule": {"kind": "one_cycle"}})

    assert spec.schedule == OneCycle(kind="one_cycle")
    assert refusals({"schedule": {"kind": "plateau"}}) == {
        ("schedule", "union_tag_invalid")
    }


def test_a_fold_is_one_of_the_folds() -> None:
    assert refusals({"validation_fold": {"folds": 3, "fold": 4}}) == {
        ("validation_fold", "value_error")
    }


def test_a_fold_takes_the_place_of_a_size() -> None:
    spec = TrainingSpec.model_validate({"validation_fold": {"fold": 2}})

    assert spec.validation_fold == Fold(folds=5, fold=2)
    assert spec.validation_size is None
    assert TrainingSpec.model_validate(spec.model_dump()) == spec


@pytest.mark.parametrize(
    "asked",
    [
        {"validation_size": 100, "validation_fold": {"fold": 1}},
        {"validation_size": None},
    ],
)
def test_validation_images_are_held_out_in_one_way(asked: dict[str, object]) -> None:
    assert refusals(asked) == {("validation_size", "one_of_two")}
