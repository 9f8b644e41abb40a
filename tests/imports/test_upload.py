"""Weights from elsewhere become a checkpoint, or are refused by the tensor's name."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from app.errors import UploadRefused
from app.imports import check_upload
from app.imports.files import Files
from app.imports.tensors import LARGEST_HEADER
from app.vision.card import digest_weights, read_card
from app.vision.prepared import prepare_checkpoint
from app.vision.reading import Mode
from tests.factories import bars
from tests.imports.conftest import Json, Tensors, bare

NAME = "0.weight"


def packed(header: bytes, values: bytes = b"") -> bytes:
    return len(header).to_bytes(8, "little") + header + values


def codes(error: ValidationError) -> list[str]:
    return [line["type"] for line in error.errors()]


def test_our_own_file_is_taken_as_it_is(weights: bytes) -> None:
    imported = check_upload(Files(weights, None))

    assert imported.weights == weights
    assert imported.usual_mode is Mode.AUTO


def test_bare_weights_answer_as_those_with_a_header_do(
    weights: bytes, tensors: Tensors
) -> None:
    card = {"architecture": "tutorial", "class_names": list("0123456789")}

    imported = check_upload(Files(bare(tensors), json.dumps(card).encode()))

    images = list(bars(3)[0])
    before, after = map(prepare_checkpoint, (weights, imported.weights))
    assert (after.logits(images) == before.logits(images)).all()
    assert digest_weights(imported.weights) == digest_weights(weights)
    assert read_card(imported.weights).job_id == ""


def test_the_card_beside_the_weights_is_stronger_than_their_header(
    weights: bytes, card: Json
) -> None:
    card["class_names"] = list("abcdefghij")

    imported = check_upload(Files(weights, json.dumps(card).encode()))

    assert read_card(imported.weights).class_names == tuple("abcdefghij")
    assert imported.usual_mode is Mode.PLAIN


@pytest.mark.parametrize(
    ("said", "asked", "mode"),
    [("none", None, Mode.NONE), ("none", Mode.AUTO, Mode.AUTO)],
)
def test_how_pictures_are_read_is_asked_for_or_said(
    weights: bytes, card: Json, said: str, asked: Mode | None, mode: Mode
) -> None:
    files = Files(weights, json.dumps({**card, "preprocess": said}).encode())

    assert check_upload(files, asked).usual_mode is mode


def without(tensors: Tensors) -> None:
    del tensors[NAME]


def with_more(tensors: Tensors) -> None:
    tensors["99.weight"] = np.zeros(1, np.float32)


def transposed(tensors: Tensors) -> None:
    tensors[NAME] = tensors[NAME].transpose(3, 2, 1, 0)


def halved(tensors: Tensors) -> None:
    tensors[NAME] = tensors[NAME].astype(np.float16)


def with_nan(tensors: Tensors) -> None:
    tensors[NAME] = np.full_like(tensors[NAME], np.nan)


def with_infinity(tensors: Tensors) -> None:
    values = tensors[NAME].copy()
    values.flat[3] = np.inf
    tensors[NAME] = values


@pytest.mark.parametrize(
    ("spoil", "code", "name"),
    [
        (without, "missing_tensor", NAME),
        (with_more, "unknown_tensor", "99.weight"),
        (transposed, "wrong_shape", NAME),
        (halved, "wrong_dtype", NAME),
        (with_nan, "not_finite", NAME),
        (with_infinity, "not_finite", NAME),
    ],
)
def test_what_is_not_the_network_s_is_refused_by_its_name(
    tensors: Tensors, card: Json, spoil: Callable[[Tensors], None], code: str, name: str
) -> None:
    spoil(tensors)

    with pytest.raises(ValidationError, match=f"tensor `{name}`") as refused:
        check_upload(Files(bare(tensors), json.dumps(card).encode()))

    assert codes(refused.value) == [code]


def test_a_variance_below_0_is_refused(tensors: Tensors, card: Json) -> None:
    layers: list[Json] = [
        {"conv": {"filters": 2, "kernel": 3}},
        {"batch_norm": {}},
        {"flatten": {}},
        {"linear": "classes"},
    ]
    tensors = {
        "0.weight": np.zeros((2, 1, 3, 3), np.float32),
        "0.bias": np.zeros(2, np.float32),
        "1.weight": np.ones(2, np.float32),
        "1.bias": np.zeros(2, np.float32),
        "1.running_mean": np.zeros(2, np.float32),
        "1.running_var": np.full(2, -1, np.float32),
        "1.num_batches_tracked": np.array(1, np.int64),
        "3.weight": np.zeros((10, 2 * 26 * 26), np.float32),
        "3.bias": np.zeros(10, np.float32),
    }
    card["architecture"] = {"layers": layers}

    with pytest.raises(ValidationError, match=r"`1\.running_var`") as refused:
        check_upload(Files(bare(tensors), json.dumps(card).encode()))

    assert codes(refused.value) == ["negative_variance"]


def test_finite_weights_that_answer_nan_are_refused(
    tensors: Tensors, card: Json
) -> None:
    for name, values in tensors.items():
        tensors[name] = np.full_like(values, 3e38)

    with pytest.raises(ValidationError, match="answers with NaN"):
        check_upload(Files(bare(tensors), json.dumps(card).encode()))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no safetensors file"),
        (b"1234567", "no safetensors file"),
        ((2**63).to_bytes(8, "little") + b"{}", "9223372036854775808 bytes"),
        (packed(b" " * (LARGEST_HEADER + 1)), f"{LARGEST_HEADER} are allowed"),
        (packed(b"\xff\xfe"), "is no JSON"),
        (packed(b"[" * 100_000), "is no JSON"),
        (packed(b"[]"), "no JSON object"),
        (packed(b"{}"), "do not say what they mean"),
        (packed(b'{"__metadata__": 3}'), "do not say what they mean"),
        (packed(b'{"__metadata__": {"modelmill": 3}}'), "do not say what they mean"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_header_that_lies_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UploadRefused, match=reason):
        check_upload(Files(data, None))


def header_of(data: bytes) -> tuple[dict[str, Any], bytes]:
    end = 8 + int.from_bytes(data[:8], "little")
    header: dict[str, Any] = json.loads(data[8:end])
    return header, data[end:]


@pytest.mark.parametrize("offsets", [[0, 2**40], [8, 4], [-4, 4], "0", None])
def test_tensors_that_lie_elsewhere_are_refused(weights: bytes, offsets: Any) -> None:
    header, values = header_of(weights)
    header[NAME]["data_offsets"] = offsets

    with pytest.raises(UploadRefused, match="cannot be read"):
        check_upload(Files(packed(json.dumps(header).encode(), values), None))


@pytest.mark.parametrize("entry", [3, None, {}, {"dtype": [], "shape": "x"}])
def test_an_entry_that_is_none_is_refused(weights: bytes, entry: Any) -> None:
    header, values = header_of(weights)
    header[NAME] = entry

    with pytest.raises(ValidationError, match=f"`{NAME}`"):
        check_upload(Files(packed(json.dumps(header).encode(), values), None))


def test_a_torn_file_is_refused(weights: bytes) -> None:
    with pytest.raises(UploadRefused, match="cannot be read"):
        check_upload(Files(weights[:-4], None))


def test_of_a_thousand_faults_some_are_named(card: Json) -> None:
    tensors = {f"x{number}": np.zeros(1, np.float32) for number in range(1000)}

    with pytest.raises(ValidationError) as refused:
        check_upload(Files(bare(tensors), json.dumps(card).encode()))

    assert 1 < len(codes(refused.value)) <= 20
