"""Draws the first weights of convolutions and linear layers; biases start at 0."""

import torch
from torch import Tensor, nn

from app.architecture import InitialWeights, NormalWeights

IMAGE_DIMENSIONS = 4


@torch.no_grad()
def draw_weights(network: nn.Module, initial: InitialWeights) -> None:
    """Fill every weight, in the order of the layers, from torch's global generator."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            draw(layer.weight, initial)
            layer.weight.data = as_laid_out(layer.weight.data)
            if layer.bias is not None:
                layer.bias.zero_()


def draw(weight: Tensor, initial: InitialWeights) -> None:
    if isinstance(initial, NormalWeights):
        weight.normal_(mean=0.0, std=initial.std)
    elif initial.kind == "kaiming":
        nn.init.kaiming_normal_(weight, nonlinearity="relu")
    elif initial.kind == "xavier":
        nn.init.xavier_uniform_(weight)
    else:
        nn.init.orthogonal_(weight)


def as_laid_out(weight: Tensor) -> Tensor:
    """Give a convolution's weight the memory order in which it is fastest."""
    if weight.dim() != IMAGE_DIMENSIONS:
        return weight
    return weight.contiguous(memory_format=torch.channels_last)
