"""A preset is what a job starts from; what the client says goes before it."""

from typing import get_args

import pytest

from app.spec import PRESETS, TrainingSpec


def of_preset(**values: object) -> TrainingSpec:
    return TrainingSpec.model_validate({"seed": 0, **values})


def test_every_preset_that_may_be_named_has_its_values() -> None:
    assert get_args(TrainingSpec.model_fields["preset"].annotation) == tuple(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_s_values_are_in_the_spec_unless_others_are_given(name: str) -> None:
    given = of_preset(preset=name, epochs=7, batch_size=9)
    whole = of_preset(preset=name)

    assert (given.epochs, given.batch_size) == (7, 9)
    assert given.architecture == whole.architecture
    assert given.optimizer == whole.optimizer


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_says_what_it_is_for_and_what_it_reached(name: str) -> None:
    preset = next(found for key, found in PRESETS.items() if key == name)

    assert preset.purpose
    assert "%" in preset.measured


@pytest.mark.parametrize("name", PRESETS)
def test_a_resolved_spec_of_a_preset_is_taken_as_it_is(name: str) -> None:
    spec = of_preset(preset=name)

    assert TrainingSpec.model_validate(spec.model_dump()) == spec


def test_clothes_may_be_mirrored_and_digits_may_not() -> None:
    digits = of_preset(preset="accurate").augmentation
    clothes = of_preset(preset="accurate", dataset="fashion-mnist").augmentation

    assert digits is not None
    assert clothes is not None
    assert not digits.flip
    assert clothes.flip
