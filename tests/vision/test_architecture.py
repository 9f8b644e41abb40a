"""The network is the tutorial's, weight for weight."""

from itertools import chain

import pytest
import torch
from pydantic import ValidationError
from torch import Tensor, nn

from app.vision.architecture import Architecture, build_network, conv_block


def test_the_parameters_are_the_tutorials() -> None:
    network = build_network(Architecture())

    counts = [weight.numel() for weight in network.parameters()]

    assert counts == [288, 18_432, 73_728, 1_280_000, 6_250]
    assert sum(counts) == 1_378_698


def test_no_layer_has_a_bias() -> None:
    names = build_network(Architecture()).state_dict()

    assert [name for name in names if not name.endswith("weight")] == []


def test_each_image_gets_ten_logits() -> None:
    network = build_network(Architecture())

    logits: Tensor = network(torch.zeros(3, 1, 28, 28))

    assert logits.shape == (3, 10)


def test_every_layer_starts_normal_around_zero() -> None:
    torch.manual_seed(0)
    network = build_network(Architecture())

    for weight in network.parameters():
        error = 0.01 / weight.numel() ** 0.5
        assert abs(weight.mean().item()) < 4 * error
        assert weight.std().item() == pytest.approx(0.01, abs=4 * error)


def test_the_same_seed_draws_the_same_network() -> None:
    torch.manual_seed(3)
    first = build_network(Architecture()).state_dict()
    torch.manual_seed(3)
    second = build_network(Architecture()).state_dict()

    assert all(torch.equal(first[name], second[name]) for name in first)


def test_dropout_stands_after_each_block_and_the_hidden_layer() -> None:
    network = build_network(Architecture(dropout_conv=0.1, dropout_hidden=0.4))

    chances = [layer.p for layer in network.modules() if isinstance(layer, nn.Dropout)]

    assert chances == [0.1, 0.1, 0.1, 0.4]


def test_convolutions_are_laid_out_with_channels_last() -> None:
    network = build_network(Architecture())

    convolutions = [weight for weight in network.parameters() if weight.dim() == 4]

    assert len(convolutions) == 3
    assert all(
        weight.is_contiguous(memory_format=torch.channels_last)
        for weight in convolutions
    )


@pytest.mark.parametrize("side", [8, 7])
def test_a_block_is_the_tutorials_relu_then_pool(side: int) -> None:
    torch.manual_seed(1)
    block = conv_block(2, 3, dropout=0.0)
    convolution = block[0]
    tutorial = nn.Sequential(
        convolution, nn.ReLU(), nn.MaxPool2d(kernel_size=2, ceil_mode=True)
    )
    images = torch.randn(4, 2, side, side, requires_grad=True)

    ours, theirs = block(images), tutorial(images)

    # Squared, so that each output has a gradient of its own.
    inputs = [images, *chain(convolution.parameters())]
    our_gradients = torch.autograd.grad(ours.square().sum(), inputs)
    their_gradients = torch.autograd.grad(theirs.square().sum(), inputs)
    assert torch.equal(ours, theirs)
    torch.testing.assert_close(our_gradients, their_gradients)


def test_an_architecture_of_another_release_is_refused() -> None:
    with pytest.raises(ValidationError, match="filters"):
        Architecture.model_validate({"name": "tutorial", "filters": [8, 16]})
