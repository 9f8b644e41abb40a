"""A checkpoint as another service hands it out, to be spoilt."""

import json
from typing import Any
from uuid import UUID

import pytest
import safetensors.numpy
from numpy.typing import NDArray

from app.vision.card import read_card
from tests.factories import fresh_weights

JOB_ID = UUID(int=1)
Tensors = dict[str, NDArray[Any]]
Json = dict[str, Any]


@pytest.fixture(scope="session")
def weights() -> bytes:
    return fresh_weights(JOB_ID)


@pytest.fixture
def tensors(weights: bytes) -> Tensors:
    return safetensors.numpy.load(weights)


@pytest.fixture
def card(weights: bytes) -> Json:
    found: Json = json.loads(read_card(weights).model_dump_json())
    return found


def bare(tensors: Tensors) -> bytes:
    """Return a file that does not say what it means."""
    # As they lie in memory is how they would be written.
    laid_out = {name: values.copy(order="C") for name, values in tensors.items()}
    data: bytes = safetensors.numpy.save(laid_out)
    return data
