"""Parts of a spec that are fine by themselves may not go together."""

from dataclasses import replace

import pytest

from app.spec import TrainingSpec
from app.spec.datasets import PICTURES
from app.spec.rules import held_out_images
from tests.spec.bounds import refusals
from worker.data import cut_by_seed

BY_HAND: dict[str, object] = {"preset": "by_hand"}


def test_the_preset_by_hand_asks_for_what_the_formulas_can_do() -> None:
    spec = TrainingSpec.model_validate(BY_HAND)

    assert spec.engine == "numpy"
    assert spec.architecture.name == "by_hand"
    assert spec.train_images == 2000


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"label_smoothing": 0.1}, "label_smoothing"),
        ({"precision": "bf16"}, "precision"),
        ({"outlier_exposure": {}}, "outlier_exposure"),
        ({"train_images": 10_001}, "train_images"),
        ({"train_images": None}, "train_images"),
        ({"architecture": "tutorial"}, "architecture.layers.3.dropout"),
        ({"architecture": "small_bn"}, "architecture.layers.1.batch_norm"),
    ],
)
def test_what_the_formulas_cannot_do_is_refused(
    values: dict[str, object], place: str
) -> None:
    assert (place, "not_by_hand") in refusals(BY_HAND | values)


def test_everything_that_cannot_be_done_is_told_at_once() -> None:
    found = refusals(
        BY_HAND | {"label_smoothing": 0.1, "train_images": None, "precision": "bf16"}
    )

    assert {place for place, _reason in found} == {
        "label_smoothing",
        "train_images",
        "precision",
    }


def test_the_tutorial_without_dropout_can_be_trained_by_hand() -> None:
    asked = {"architecture": "tutorial", "dropout_conv": 0.0, "dropout_hidden": 0.0}

    assert TrainingSpec.model_validate(BY_HAND | asked).engine == "numpy"


@pytest.mark.parametrize(
    "values",
    [
        {"train_images": 127},
        {"train_images": 4095, "batch_size": 4096},
        {"train_images": 55_001},
        {"train_images": 59_001, "validation_size": 1000},
        {"train_images": 10_000_000},
    ],
)
def test_images_have_to_fill_a_batch_and_to_be_there(values: dict[str, object]) -> None:
    assert refusals(values) == {("train_images", "too_few_images")}


@pytest.mark.parametrize("train_images", [0, -1, 10_000_001, 1.5])
def test_no_other_number_of_images_is_accepted(train_images: float) -> None:
    [(place, _reason)] = refusals({"train_images": train_images})

    assert place == "train_images"


@pytest.mark.parametrize("train_images", [128, 55_000])
def test_a_batch_is_enough_and_all_are_not_too_many(train_images: int) -> None:
    spec = TrainingSpec.model_validate({"train_images": train_images})

    assert spec.train_images == train_images


def test_what_validation_leaves_has_to_fill_a_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = replace(PICTURES["mnist"], train_images=5100)
    monkeypatch.setitem(PICTURES, "mnist", few)

    assert refusals({"batch_size": 101}) == {("batch_size", "too_few_images")}
    assert TrainingSpec.model_validate({"batch_size": 100}).batch_size == 100


@pytest.mark.parametrize(("fold", "images"), [(3, 8572), (4, 8571)])
def test_of_unequal_folds_the_first_are_the_larger(fold: int, images: int) -> None:
    asked = {"validation_fold": {"folds": 7, "fold": fold}}
    spec = TrainingSpec.model_validate(asked)

    held_out, _kept = cut_by_seed(60_000, spec)

    assert held_out_images(spec) == len(held_out) == images
