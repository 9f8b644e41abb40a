"""A card from elsewhere is held against itself and against what is served here."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.imports.card import read_imported_card
from tests.imports.conftest import Json

SMALLEST = {"architecture": "mlp", "class_names": ["a", "b"]}
TABLE = [[0.0] * 2] * 2
FAMILIARITY = {
    "kept": 0.9,
    "threshold": 0.0,
    "whitening": TABLE,
    "means": TABLE,
    "precision": TABLE,
    "weights": [0.0] * 4,
    "bias": 0.0,
}


def test_a_name_and_the_classes_are_enough() -> None:
    card = read_imported_card(json.dumps(SMALLEST).encode())

    assert card.architecture.name == "mlp"
    assert (card.temperature, card.preprocessing.scale) == (1.0, 1 / 255)


def test_the_card_of_an_export_is_one(card: Json) -> None:
    read = read_imported_card(json.dumps({**card, "preprocess": "auto"}).encode())

    assert json.loads(read.for_header().model_dump_json()) == card


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"architecture": "resnet9000"}, "architecture", "unknown_architecture"),
        (
            {"architecture": {"layers": [{"linear": 2}]}},
            "layers",
            "linear_before_flatten",
        ),
        ({"class_names": ["a"]}, "class_names", "too_short"),
        ({"class_names": ["a", "a"]}, "class_names", "same_class_name"),
        ({"class_names": ["a", "\n"]}, "class_names", "class_name_not_printable"),
        ({"class_names": ["a", ""]}, "class_names", "string_too_short"),
        ({"input_shape": [2, 32, 32]}, "input_shape", "channels"),
        ({"input_shape": [3, 0, 32]}, "input_shape", "greater_than_equal"),
        (
            {"input_shape": [3, 32, 32], "preprocess": "auto"},
            "preprocess",
            "wrong_input_shape",
        ),
        ({"temperature": 0}, "temperature", "greater_than"),
        ({"preprocessing": {"scale": 0}}, "scale", "wrong_scale"),
        ({"preprocessing": {"scale": float("inf")}}, "scale", "wrong_scale"),
        ({"preprocess": "eval"}, "preprocess", "literal_error"),
        ({"__class__": "x"}, "__class__", "extra_forbidden"),
        ({"familiarity": FAMILIARITY | {"means": []}}, "means", "wrong_table"),
        ({"familiarity": FAMILIARITY | {"weights": [0.0]}}, "weights", "wrong_table"),
        (
            {"familiarity": FAMILIARITY | {"bias": float("nan")}},
            "bias",
            "finite_number",
        ),
    ],
)
def test_what_cannot_be_true_is_refused_at_its_place(
    change: dict[str, Any], place: str, code: str
) -> None:
    data = json.dumps({**SMALLEST, **change}).encode()

    with pytest.raises(ValidationError) as refused:
        read_imported_card(data)

    fault = refused.value.errors()[0]
    assert fault["loc"][0] == "card"
    assert place in fault["loc"]
    assert fault["type"] == code


@pytest.mark.parametrize("data", [b"", b"\xff", b"[" * 10_000, b"3", b"{}"])
def test_what_is_no_card_is_refused(data: bytes) -> None:
    with pytest.raises(ValidationError):
        read_imported_card(data)


def test_a_familiarity_of_the_right_size_is_kept() -> None:
    card = read_imported_card(
        json.dumps({**SMALLEST, "familiarity": FAMILIARITY}).encode()
    )

    assert card.familiarity is not None
