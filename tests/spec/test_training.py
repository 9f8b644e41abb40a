"""A spec is what was asked, within its bounds."""

import math

import pytest
from pydantic import ValidationError

from app.architecture import NAMED, named_architecture
from app.spec import LARGEST_SEED, Adam, RMSProp, TrainingSpec
from tests.spec.bounds import EPSILON, FRACTION, SMALLEST, Bound, refusals

# Each field with the value below its bound, its edges, and the value above.
bounds = pytest.mark.parametrize(
    ("field", "bound"),
    [
        ("epochs", (0, 1, 1000, 1001)),
        ("batch_size", (0, 1, 4096, 4097)),
        ("learning_rate", (0.0, SMALLEST, 10.0, math.nextafter(10, 11))),
        ("dropout_conv", FRACTION),
        ("dropout_hidden", FRACTION),
        ("validation_size", (0, 1, 50_000, 50_001)),
        ("max_gradient_norm", (0.0, SMALLEST, 1000.0, 1000.1)),
        ("label_smoothing", FRACTION),
        ("ema_decay", FRACTION),
        ("max_run_seconds", (0.0, SMALLEST, 2_592_000.0, 2_592_001.0)),
        ("seed", (-1, 0, LARGEST_SEED, LARGEST_SEED + 1)),
        ("checkpoint_interval_seconds", (0.0, SMALLEST, 86_400.0, 86_401.0)),
    ],
)
optimizer_bounds = pytest.mark.parametrize(
    ("kind", "field", "bound"),
    [
        ("rmsprop", "decay", FRACTION),
        ("rmsprop", "momentum", FRACTION),
        ("rmsprop", "epsilon", EPSILON),
        ("sgd", "momentum", FRACTION),
        ("adam", "beta1", FRACTION),
        ("adam", "beta2", FRACTION),
        ("adam", "epsilon", EPSILON),
        ("adamw", "weight_decay", FRACTION),
        ("rmsprop", "weight_decay", FRACTION),
        ("sgd", "weight_decay", FRACTION),
        ("muon", "momentum", FRACTION),
        ("muon", "weight_decay", FRACTION),
        ("muon", "adamw_learning_rate_factor", (0.0, SMALLEST, 10.0, 10.1)),
    ],
)


@bounds
def test_a_value_on_its_bound_is_accepted(field: str, bound: Bound) -> None:
    for edge in bound[1:3]:
        assert getattr(TrainingSpec.model_validate({field: edge}), field) == edge


@bounds
def test_a_value_beyond_its_bound_is_refused(field: str, bound: Bound) -> None:
    for beyond in (bound[0], bound[3]):
        assert [place for place, _ in refusals({field: beyond})] == [field]


@optimizer_bounds
def test_an_optimizer_takes_its_bounds(kind: str, field: str, bound: Bound) -> None:
    for edge in bound[1:3]:
        spec = TrainingSpec.model_validate({"optimizer": {"kind": kind, field: edge}})
        assert getattr(spec.optimizer, field) == edge


@optimizer_bounds
def test_an_optimizer_keeps_its_bounds(kind: str, field: str, bound: Bound) -> None:
    for beyond in (bound[0], bound[3]):
        refused = refusals({"optimizer": {"kind": kind, field: beyond}})
        assert [place for place, _ in refused] == [f"optimizer.{kind}.{field}"]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("epochs", "3", "int_type"),
        ("epochs", 3.0, "int_type"),
        ("epochs", True, "int_type"),
        ("learning_rate", "0.1", "float_type"),
        ("learning_rate", False, "float_type"),
        ("learning_rate", math.nan, "finite_number"),
        ("learning_rate", math.inf, "finite_number"),
        ("shuffle", 1, "bool_type"),
        ("seed", None, "int_type"),
        ("dataset", "CIFAR 10", "string_pattern_mismatch"),
        ("preset", "fastest", "literal_error"),
        ("preset", ["tutorial"], "literal_error"),
        ("precision", "fp16", "literal_error"),
        ("engine", "jax", "literal_error"),
        ("optimizer", {"kind": "lion"}, "union_tag_invalid"),
        ("optimizer", {"momentum": 0.9}, "union_tag_not_found"),
    ],
)
def test_nothing_is_converted_or_guessed(
    field: str, value: object, reason: str
) -> None:
    assert refusals({field: value}) == {(field, reason)}


def test_a_whole_number_is_a_number() -> None:
    assert TrainingSpec.model_validate({"learning_rate": 1}).learning_rate == 1.0


def test_all_violations_are_told_at_once() -> None:
    optimizer = {"kind": "sgd", "momentum": 1.0, "decay": 0.9}
    asked = {"epochs": 0, "batch_size": "many", "optimizer": optimizer, "lr": 0.1}

    assert refusals(asked) == {
        ("epochs", "greater_than_equal"),
        ("batch_size", "int_type"),
        ("optimizer.sgd.momentum", "less_than"),
        ("optimizer.sgd.decay", "extra_forbidden"),
        ("lr", "extra_forbidden"),
    }


def test_nesterov_needs_momentum() -> None:
    nesterov: dict[str, object] = {"kind": "sgd", "nesterov": True}

    assert refusals({"optimizer": nesterov}) == {("optimizer.sgd", "value_error")}
    TrainingSpec.model_validate({"optimizer": nesterov | {"momentum": 0.9}})


@pytest.mark.parametrize("asked", [[], "tutorial", None, 3])
def test_what_is_not_an_object_is_refused(asked: object) -> None:
    assert refusals(asked) == {("", "model_type")}


def test_a_spec_never_changes() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        TrainingSpec().epochs = 3


def test_an_absent_seed_is_drawn_anew() -> None:
    assert len({TrainingSpec().seed for _ in range(10)}) == 10


def test_a_spec_survives_json_with_its_drawn_seed() -> None:
    spec = TrainingSpec(optimizer=Adam(kind="adamw", weight_decay=0.01))
    written = spec.model_dump_json()

    assert f'"seed":{spec.seed}' in written
    assert TrainingSpec.model_validate_json(written) == spec


def test_the_tutorial_is_what_nobody_asked_otherwise() -> None:
    spec = TrainingSpec(seed=0)

    assert spec == TrainingSpec(preset="tutorial", epochs=10, batch_size=128, seed=0)
    assert (spec.learning_rate, spec.shuffle, spec.dataset) == (0.001, False, "mnist")
    assert (spec.dropout_conv, spec.dropout_hidden) == (None, None)
    assert spec.architecture == named_architecture("tutorial").for_classes(10)
    assert spec.optimizer == RMSProp(decay=0.9, momentum=0.0, epsilon=1e-10)


@pytest.mark.parametrize("policy", ["every", "best_and_last", 1, 1000])
def test_a_policy_of_checkpoints_is_a_word_or_a_number(policy: str | int) -> None:
    spec = TrainingSpec.model_validate({"checkpoints": policy})

    assert spec.checkpoints == policy


@pytest.mark.parametrize("policy", ["none", "5", 0, 1001, 2.5, None])
def test_no_other_policy_of_checkpoints_is_accepted(policy: object) -> None:
    assert {place.split(".")[0] for place, _ in refusals({"checkpoints": policy})} == {
        "checkpoints"
    }


@pytest.mark.parametrize(
    ("asked", "chances"),
    [
        ({}, [0.2, 0.2, 0.2, 0.5]),
        ({"dropout_conv": 0.1}, [0.1, 0.1, 0.1, 0.5]),
        ({"dropout_conv": 0.0, "dropout_hidden": 0.25}, [0.0, 0.0, 0.0, 0.25]),
        ({"architecture": "mlp", "dropout_hidden": 0.25}, [0.25, 0.25]),
    ],
)
def test_a_dropout_of_the_spec_replaces_those_of_the_layers(
    asked: dict[str, object], chances: list[float]
) -> None:
    layers = TrainingSpec.model_validate(asked).architecture.model_dump()["layers"]

    found = [layer["dropout"] for layer in layers if "dropout" in layer]
    assert [dropout["probability"] for dropout in found] == chances


def test_a_dropout_without_a_layer_is_refused() -> None:
    asked = {"architecture": "mlp", "dropout_conv": 0.1}

    assert refusals(asked) == {("dropout_conv", "no_dropout_layer")}


@pytest.mark.parametrize("name", NAMED)
def test_a_resolved_spec_is_its_own_resolution(name: str) -> None:
    spec = TrainingSpec.model_validate({"architecture": name, "seed": 1})

    assert TrainingSpec.model_validate(spec.model_dump()) == spec
    assert TrainingSpec.model_validate_json(spec.model_dump_json()) == spec


def test_replaced_dropouts_stay_replaced() -> None:
    spec = TrainingSpec(dropout_conv=0.1, seed=1)

    assert TrainingSpec.model_validate(spec.model_dump()) == spec


def test_an_architecture_is_not_judged_by_a_dataset_that_is_refused() -> None:
    layers = [{"flatten": {}}, {"linear": 3}]

    asked = {"dataset": "NONE", "architecture": {"layers": layers}}

    assert refusals(asked) == {("dataset", "string_pattern_mismatch")}


def test_an_architecture_waits_for_an_uploaded_dataset_to_be_looked_up() -> None:
    spec = TrainingSpec.model_validate({"dataset": "shapes", "seed": 1})

    assert not spec.is_pinned
    assert spec.used_pin is None


def test_a_key_that_nobody_knows_is_told_the_nearest() -> None:
    with pytest.raises(ValidationError, match="did you mean `learning_rate`"):
        TrainingSpec.model_validate({"learning_rat": 0.1})
