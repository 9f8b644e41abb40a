"""One torch module for one layer; its weights are not drawn yet."""

from collections.abc import Callable
from typing import Any

from torch import nn

from app.architecture import Row
from app.architecture.parts import (
    Activation,
    BatchNorm,
    Convolution,
    Dropout,
    Flatten,
    GlobalPool,
    LeakyActivation,
    Linear,
    WindowPool,
)
from app.architecture.steps import are_maps, number
from app.architecture.windows import slides_of
from app.vision.dropout import ChannelDropout, ElementDropout
from app.vision.windows import AveragePool, L2Pool, MaxPool, PaddedConv, border_of

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
}
POOLINGS = {"max": MaxPool, "average": AveragePool, "l2": L2Pool}


def activation(part: Activation, _row: Row) -> nn.Module:
    return ACTIVATIONS[part.kind]()


def leaky_activation(part: LeakyActivation, _row: Row) -> nn.Module:
    return nn.LeakyReLU(part.slope)


def batch_norm(part: BatchNorm, row: Row) -> nn.Module:
    kind = nn.BatchNorm2d if are_maps(row.input) else nn.BatchNorm1d
    return kind(row.input[0], eps=part.epsilon, momentum=part.momentum)


def convolution(part: Convolution, row: Row) -> nn.Module:
    border = border_of(slides_of(part, row.input), is_pooling=False)
    kind = PaddedConv if border.edges else nn.Conv2d
    module = kind(
        row.input[0],
        number(part.filters),
        part.kernel,
        stride=part.stride,
        padding=border.padding,
        dilation=part.dilation,
        groups=part.groups,
        bias=part.bias,
    )
    if isinstance(module, PaddedConv):
        module.border = border
    return module


def dropout(part: Dropout, _row: Row) -> nn.Module:
    kind = ChannelDropout if part.kind == "channel" else ElementDropout
    return kind(part.probability)


def flatten(_part: Flatten, _row: Row) -> nn.Module:
    return nn.Flatten()


def global_pool(_part: GlobalPool, _row: Row) -> nn.Module:
    return nn.AdaptiveAvgPool2d(1)


def linear(part: Linear, row: Row) -> nn.Module:
    inputs, units = row.input[0], number(part.units)
    return nn.Linear(inputs, units, bias=part.bias)


def window_pool(part: WindowPool, row: Row) -> nn.Module:
    return POOLINGS[part.kind](slides_of(part, row.input))


MAKERS: dict[type, Callable[[Any, Row], nn.Module]] = {
    Activation: activation,
    BatchNorm: batch_norm,
    Convolution: convolution,
    Dropout: dropout,
    Flatten: flatten,
    GlobalPool: global_pool,
    LeakyActivation: leaky_activation,
    Linear: linear,
    WindowPool: window_pool,
}
