"""Back-propagation by hand finds autograd's gradients, and a network learns by it."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from app.architecture import Architecture
from app.vision.network import build_network
from tests.factories import PICTURE, TUTORIAL
from tests.worker.by_hand.conftest import Draw, Floats, assert_same
from worker.by_hand import (
    Array,
    Convolution,
    Flatten,
    Layer,
    Linear,
    MaxPool,
    ReLU,
    Window,
    layers_of,
    loss_and_gradients,
)

Weights = dict[str, Floats]

WITH_BIASES = [
    {"conv": {"filters": 4, "kernel": 5, "stride": 2, "padding": "same"}},
    {"activation": "relu"},
    {"pool": {"kind": "max", "size": 2, "stride": 2, "padding": 1}},
    {"conv": {"filters": 6, "kernel": 3, "padding": "valid"}},
    {"dropout": 0.0},
    {"flatten": {}},
    {"linear": 10},
]
SMALL = (Convolution(2, 1), ReLU(), MaxPool(Window(3, 2)), Flatten(), Linear())


def torchs_small(*, bias: bool) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 4, 5, stride=2, padding=1, bias=bias),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Linear(16, 10, bias=bias),
    )


def weights_of(network: nn.Module) -> Weights:
    return {name: weight.numpy() for name, weight in network.state_dict().items()}


def assert_same_as_autograd(
    layers: Sequence[Layer], network: nn.Module, images: Floats
) -> None:
    labels = np.arange(len(images)) * 7 % 10

    loss, logits, gradients = loss_and_gradients(
        layers, weights_of(network), images, labels
    )

    expected: Tensor = network(torch.from_numpy(images))
    theirs = cross_entropy(expected, torch.from_numpy(labels))
    theirs.backward()
    assert loss == pytest.approx(theirs.item(), abs=1e-9)
    assert_same(logits, expected.detach().numpy())
    named = {name: weight.grad for name, weight in network.named_parameters()}
    assert gradients.keys() == named.keys()
    for name, gradient in named.items():
        assert gradient is not None
        assert_same(gradients[name], gradient.numpy())


@pytest.mark.parametrize("bias", [True, False], ids=["bias", "no bias"])
def test_every_gradient_is_autograds(draw: Draw, bias: object) -> None:
    torch.manual_seed(5)
    network = torchs_small(bias=bool(bias)).double()

    assert_same_as_autograd(SMALL, network, draw((4, 1, 13, 13)))


@pytest.mark.parametrize(
    "layers",
    [
        pytest.param(TUTORIAL.with_dropout(0, 0).layers, id="tutorial"),
        pytest.param(WITH_BIASES, id="5x5 filters, strides and biases"),
    ],
)
def test_a_network_of_the_service_has_the_same_gradients_by_hand(
    draw: Draw, layers: list[object]
) -> None:
    kaiming = {"layers": layers, "initial_weights": {"kind": "kaiming"}}
    architecture = Architecture.model_validate(kaiming)
    torch.manual_seed(5)
    network = build_network(architecture, PICTURE).double()

    assert_same_as_autograd(layers_of(architecture), network, draw((4, 1, 28, 28)))


def test_what_is_not_by_hand_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot do this batch_norm"):
        layers_of(Architecture.model_validate({"layers": [{"batch_norm": {}}]}))


def test_a_gradient_is_the_slope_of_the_loss(draw: Draw) -> None:
    weights = {"0.weight": draw((2, 1, 5, 5)), "4.weight": draw((10, 8))}
    images, labels = draw((3, 1, 13, 13)), np.array([1, 2, 3])
    direction = {name: draw(weight.shape) for name, weight in weights.items()}
    small = 1e-6

    def loss_at(step: float) -> float:
        moved = {name: weights[name] + step * direction[name] for name in weights}
        return loss_and_gradients(SMALL, moved, images, labels)[0]

    slope = (loss_at(small) - loss_at(-small)) / (2 * small)
    _loss, _logits, gradients = loss_and_gradients(SMALL, weights, images, labels)
    along = sum(np.vdot(gradients[name], direction[name]) for name in weights)
    assert slope == pytest.approx(float(along), rel=1e-6)


def test_a_network_learns_one_batch_by_heart(draw: Draw) -> None:
    weights: dict[str, Array] = {
        "0.weight": draw((4, 1, 5, 5)) / 5,
        "0.bias": np.zeros(4),
        "4.weight": draw((10, 16)) / 4,
    }
    images, labels = draw((10, 1, 13, 13)), np.arange(10)
    logits: Array = draw((10, 10))

    for _step in range(150):
        _loss, logits, gradients = loss_and_gradients(SMALL, weights, images, labels)
        for name, gradient in gradients.items():
            weights[name] = weights[name] - 0.2 * gradient

    assert logits.argmax(axis=1).tolist() == labels.tolist()


def test_the_weights_given_stay_as_they_were(draw: Draw) -> None:
    weights = {"0.weight": draw((2, 1, 5, 5)), "4.weight": draw((10, 8))}
    before = {name: weight.copy() for name, weight in weights.items()}

    loss_and_gradients(SMALL, weights, draw((2, 1, 13, 13)), np.array([1, 2]))

    assert all(np.array_equal(weights[name], before[name]) for name in weights)
