"""Back-propagation by hand finds autograd's gradients, and a network learns by it."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from tests.worker.by_hand.conftest import Draw, Floats, assert_same
from worker.by_hand import (
    Array,
    Convolution,
    Flatten,
    Identity,
    Layer,
    Linear,
    MaxPool,
    ReLU,
    Window,
    loss_and_gradients,
)

Weights = dict[str, Floats]

BLOCK = (Convolution(padding=1), ReLU(), MaxPool(Window(2, 2, "same")), Identity())
TUTORIAL = (*BLOCK, *BLOCK, *BLOCK, Flatten(), Linear(), ReLU(), Identity(), Linear())
SMALL = (Convolution(2, 1), ReLU(), MaxPool(Window(3, 2)), Flatten(), Linear())


def torchs_tutorial(*, bias: bool) -> nn.Sequential:
    layers: list[nn.Module] = []
    for inputs, outputs in ((1, 32), (32, 64), (64, 128)):
        layers += [
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=bias),
            nn.ReLU(),
            nn.MaxPool2d(2, ceil_mode=True),
            nn.Dropout(0),
        ]
    layers += [nn.Flatten(), nn.Linear(2048, 625, bias=bias), nn.ReLU()]
    return nn.Sequential(*layers, nn.Dropout(0), nn.Linear(625, 10, bias=bias))


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


@pytest.mark.parametrize(
    ("layers", "build", "side"),
    [
        pytest.param(TUTORIAL, partial(torchs_tutorial, bias=False), 28, id="tutorial"),
        pytest.param(TUTORIAL, partial(torchs_tutorial, bias=True), 28, id="biases"),
        pytest.param(SMALL, partial(torchs_small, bias=False), 13, id="small"),
        pytest.param(SMALL, partial(torchs_small, bias=True), 13, id="small, biases"),
    ],
)
def test_every_gradient_is_autograds(
    draw: Draw, layers: Sequence[Layer], build: Callable[[], nn.Module], side: int
) -> None:
    torch.manual_seed(5)
    network = build().double()
    images, labels = draw((4, 1, side, side)), np.array([3, 0, 9, 3])

    loss, logits, gradients = loss_and_gradients(
        layers, weights_of(network), images, labels
    )

    expected = network(torch.from_numpy(images))
    cross_entropy(expected, torch.from_numpy(labels)).backward()
    assert_same(logits, expected.detach().numpy())
    assert loss == pytest.approx(
        cross_entropy(expected, torch.from_numpy(labels)).item(), abs=1e-9
    )
    theirs = {name: weight.grad for name, weight in network.named_parameters()}
    assert gradients.keys() == theirs.keys()
    for name, gradient in theirs.items():
        assert gradient is not None
        assert_same(gradients[name], gradient.numpy())


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
