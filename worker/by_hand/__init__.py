"""The tutorial's arithmetic written out in numpy: slow, readable, without autograd."""

from worker.by_hand.build import layers_of
from worker.by_hand.layers import (
    Convolution,
    Flatten,
    Identity,
    Layer,
    Linear,
    MaxPool,
    ReLU,
)
from worker.by_hand.network import loss_and_gradients
from worker.by_hand.window import Array, Window

__all__ = [
    "Array",
    "Convolution",
    "Flatten",
    "Identity",
    "Layer",
    "Linear",
    "MaxPool",
    "ReLU",
    "Window",
    "layers_of",
    "loss_and_gradients",
]
