"""Parts of a spec that are fine by themselves may not go together."""

import pytest

from app.spec import TrainingSpec
from tests.spec.bounds import refusals

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
