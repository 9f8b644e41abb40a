"""The layers that the formulas can do, each with its way forward and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from worker.by_hand.formulas import (
    convolve,
    filters_gradient,
    images_gradient,
    linear,
    max_pool,
    max_pool_gradient,
    relu,
    relu_gradient,
    weight_gradient,
)
from worker.by_hand.window import Array, Padding, Window

Weights = Mapping[str, Array]


class Layer(Protocol):
    """A function of its inputs and of its own weights, by their names."""

    def forward(self, inputs: Array, weights: Weights) -> Array: ...

    def backward(
        self, inputs: Array, weights: Weights, gradient: Array
    ) -> tuple[Array, Weights]:
        """Turn the gradient of the outputs into that of inputs and weights."""


@dataclass(frozen=True)
class Convolution:
    """`weight` (K, C, F, F) and perhaps `bias` (K,)."""

    stride: int = 1
    padding: Padding = 0

    def forward(self, inputs: Array, weights: Weights) -> Array:
        filters = weights["weight"]
        outputs = convolve(inputs, filters, self.window(filters))
        if "bias" in weights:
            outputs += weights["bias"][:, None, None]
        return outputs

    def backward(
        self, inputs: Array, weights: Weights, gradient: Array
    ) -> tuple[Array, Weights]:
        filters = weights["weight"]
        window = self.window(filters)
        gradients = {"weight": filters_gradient(inputs, gradient, window)}
        if "bias" in weights:
            gradients["bias"] = gradient.sum(axis=(0, 2, 3))
        return images_gradient(inputs, filters, gradient, window), gradients

    def window(self, filters: Array) -> Window:
        return Window(filters.shape[2], self.stride, self.padding)


@dataclass(frozen=True)
class ReLU:
    """max(0, a)."""

    def forward(self, inputs: Array, _weights: Weights) -> Array:
        return relu(inputs)

    def backward(
        self, inputs: Array, _weights: Weights, gradient: Array
    ) -> tuple[Array, Weights]:
        return relu_gradient(inputs, gradient), {}


@dataclass(frozen=True)
class MaxPool:
    """The largest number of each window."""

    window: Window

    def forward(self, inputs: Array, _weights: Weights) -> Array:
        return max_pool(inputs, self.window)

    def backward(
        self, inputs: Array, _weights: Weights, gradient: Array
    ) -> tuple[Array, Weights]:
        return max_pool_gradient(inputs, gradient, self.window), {}


@dataclass(frozen=True)
class Flatten:
    """(N, C, H, W) -> (N, C H W)."""

    def forward(self, inputs: Array, _weights: Weights) -> Array:
        return inputs.reshape(len(inputs), -1)

    def backward(
        self, inputs: Array, _weights: Weights, gradient: Array
    ) -> tuple[Array, Weights]:
        return gradient.reshape(inputs.shape), {}


@dataclass(frozen=True)
class Linear:
    """`weight` (K, J) and perhaps `bias` (K,)."""

    def forward(self, inputs: Array, weights: Weights) -> Array:
        outputs = linear(inputs, weights["weight"])
        if "bias" in weights:
            outputs += weights["bias"]
        return outputs

    def backward(
        self, inputs: Array, weights: Weights, gradient: Array
    ) -> tuple[Array, Weights]:
        gradients = {"weight": weight_gradient(inputs, gradient)}
        if "bias" in weights:
            gradients["bias"] = gradient.sum(axis=0)
        return linear(gradient, weights["weight"].T), gradients


@dataclass(frozen=True)
class Identity:
    """A place in the list that does nothing, such as dropout that drops nothing."""

    def forward(self, inputs: Array, _weights: Weights) -> Array:
        return inputs

    def backward(
        self, _inputs: Array, _weights: Weights, gradient: Array
    ) -> tuple[Array, Weights]:
        return gradient, {}
