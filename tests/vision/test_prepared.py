"""A prepared checkpoint answers what its torch network does, whatever the layers."""

from itertools import chain
from uuid import uuid4

import numpy as np
import pytest
import torch
from torch import nn

from app.architecture import NAMED, Architecture, ArchitectureName, named_architecture
from app.vision.card import CheckpointCard
from app.vision.checkpoint import decode_checkpoint, encode_checkpoint
from app.vision.network import build_network
from app.vision.prepared import prepare_checkpoint
from app.vision.tensors import normalize
from tests.architecture.random_layers import random_architecture
from tests.factories import DIGITS, PICTURE, bars

SEEDS = 150


def checkpoint_of(architecture: Architecture) -> bytes:
    """Return fresh weights, and statistics of batches that are not those of none."""
    resolved = architecture.for_classes(10)
    torch.manual_seed(3)
    network = build_network(resolved, PICTURE)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.uniform_(module.get_buffer("running_mean"))
            nn.init.uniform_(module.get_buffer("running_var"), 0.5, 2)
            nn.init.uniform_(module.weight)
            nn.init.uniform_(module.bias)
    card = CheckpointCard(
        job_id=str(uuid4()),
        epoch=1,
        class_names=DIGITS,
        architecture=resolved,
        input_shape=PICTURE,
    )
    return encode_checkpoint(network, card)


def difference(data: bytes) -> float:
    """Return by how much any probability of five images is another than torch's."""
    images, _labels = bars(5)
    loaded, prepared = decode_checkpoint(data), prepare_checkpoint(data)
    with torch.inference_mode():
        expected = loaded.network(
            normalize(torch.from_numpy(images), loaded.card.preprocessing)
        ).softmax(dim=1)
    own = torch.from_numpy(prepared.logits(list(images))).softmax(dim=1)
    return float((own - expected).abs().max())


def is_buildable(seed: int) -> bool:
    try:
        checkpoint_of(Architecture.model_validate(random_architecture(seed)))
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("name", NAMED)
def test_a_named_architecture_answers_as_torch_does(name: ArchitectureName) -> None:
    data = checkpoint_of(named_architecture(name))

    assert difference(data) < 1e-5


@pytest.mark.parametrize("seed", [seed for seed in range(SEEDS) if is_buildable(seed)])
def test_a_random_architecture_answers_as_torch_does(seed: int) -> None:
    data = checkpoint_of(Architecture.model_validate(random_architecture(seed)))

    assert difference(data) < 1e-4


def test_every_activation_answers_as_torch_does() -> None:
    kinds = ("relu", "leaky_relu", "elu", "gelu", "silu", "sigmoid", "tanh")
    hidden = [[{"linear": 20}, {"activation": kind}] for kind in kinds]
    layers = [{"flatten": {}}, *chain(*hidden), {"linear": "classes"}]
    data = checkpoint_of(Architecture.model_validate({"layers": layers}))

    assert difference(data) < 1e-5


def test_answers_do_not_depend_on_the_size_of_the_batch() -> None:
    prepared = prepare_checkpoint(checkpoint_of(named_architecture("small_bn")))
    images = list(bars(40)[0])

    together = prepared.logits(images)

    for image, row in zip(images, together, strict=True):
        np.testing.assert_allclose(prepared.logits([image])[0], row, atol=1e-5)
