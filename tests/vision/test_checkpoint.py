"""A checkpoint rebuilds its network from its own bytes."""

import math
from uuid import uuid4

import pytest
import safetensors.torch
import torch
from pydantic import ValidationError

from app.vision.card import CheckpointCard, digest_weights, read_metadata
from app.vision.checkpoint import decode_checkpoint, encode_checkpoint
from app.vision.network import build_network
from app.vision.preprocessing import Preprocessing
from tests.factories import PICTURE, TUTORIAL, card


def test_weights_return_to_the_bit() -> None:
    network = build_network(TUTORIAL, PICTURE)

    loaded = decode_checkpoint(encode_checkpoint(network, card(uuid4())))

    expected, found = network.state_dict(), loaded.network.state_dict()
    assert list(found) == list(expected)
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_the_card_returns_whole() -> None:
    kept = CheckpointCard(
        job_id="j",
        epoch=3,
        class_names=("é", "b"),
        architecture=TUTORIAL.with_dropout(0.3, None),
        input_shape=PICTURE,
        preprocessing=Preprocessing(scale=0.5),
        temperature=1.25,
    )

    loaded = decode_checkpoint(
        encode_checkpoint(build_network(TUTORIAL, PICTURE), kept)
    )

    assert loaded.card == kept


def test_a_card_without_a_temperature_scales_nothing() -> None:
    older = card(uuid4()).model_dump_json(exclude={"temperature"})

    assert CheckpointCard.model_validate_json(older).temperature == 1.0


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.inf, math.nan])
def test_a_temperature_that_divides_nothing_is_refused(temperature: float) -> None:
    values = card(uuid4()).model_dump() | {"temperature": temperature}

    with pytest.raises(ValidationError, match="temperature"):
        CheckpointCard.model_validate(values)


def test_a_loaded_network_drops_nothing_out() -> None:
    data = encode_checkpoint(build_network(TUTORIAL, PICTURE), card(uuid4()))

    assert not decode_checkpoint(data).network.training


def test_any_safetensors_reader_can_read_it() -> None:
    network = build_network(TUTORIAL, PICTURE)

    data = encode_checkpoint(network, card(uuid4()))

    shapes = {name: part.shape for name, part in safetensors.torch.load(data).items()}
    assert shapes["0.weight"] == (32, 1, 3, 3)
    assert shapes["16.weight"] == (10, 625)
    assert read_metadata(data)["format"] == "pt"


def test_a_card_of_another_release_is_refused() -> None:
    metadata = {"modelmill": '{"epoch": 1, "surprise": true}'}
    data = safetensors.torch.save({"weight": torch.zeros(1)}, metadata=metadata)

    with pytest.raises(ValidationError, match="surprise"):
        decode_checkpoint(data)


def test_weights_are_the_same_whatever_the_card_says() -> None:
    network = build_network(TUTORIAL, PICTURE)
    one, other = (encode_checkpoint(network, card(uuid4())) for _ in range(2))

    assert one != other
    assert digest_weights(one) == digest_weights(other)


def test_one_other_bit_is_another_digest() -> None:
    data = encode_checkpoint(build_network(TUTORIAL, PICTURE), card(uuid4()))

    changed = data[:-1] + bytes([data[-1] ^ 1])

    assert digest_weights(changed) != digest_weights(data)
