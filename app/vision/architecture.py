"""The tutorial's network: three convolution blocks, a hidden layer, ten logits."""

from typing import Literal

import torch
from pydantic import BaseModel, ConfigDict
from torch import Tensor, nn

SIDE = 28
CLASSES = 10
FILTERS = (32, 64, 128)
HIDDEN_UNITS = 625
FLAT_FEATURES = FILTERS[-1] * 4 * 4  # 28 -> 14 -> 7 -> 4 by three poolings
INITIAL_STD = 0.01
IMAGE_DIMENSIONS = 4


class Architecture(BaseModel):
    """What rebuilds a network: stored with each checkpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Literal["tutorial"] = "tutorial"
    dropout_conv: float = 0.2
    dropout_hidden: float = 0.5


class TutorialNetwork(nn.Module):
    """The network of the 2016 tutorial: 1,378,698 weights and no bias anywhere.

    Every weight starts normal with mean 0 and standard deviation 0.01, drawn from
    torch's global generator.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        channels = (1, *FILTERS)
        blocks = [
            conv_block(inputs, outputs, architecture.dropout_conv)
            for inputs, outputs in zip(channels, FILTERS, strict=False)
        ]
        self.features = nn.Sequential(*blocks)
        self.head = nn.Sequential(
            nn.Linear(FLAT_FEATURES, HIDDEN_UNITS, bias=False),
            nn.ReLU(),
            nn.Dropout(architecture.dropout_hidden),
            nn.Linear(HIDDEN_UNITS, CLASSES, bias=False),
        )
        for weight in self.parameters():
            nn.init.normal_(weight, mean=0.0, std=INITIAL_STD)

    def forward(self, images: Tensor) -> Tensor:  # (N, 1, 28, 28) -> (N, 10)
        features: Tensor = self.features(images)  # (N, 128, 4, 4)
        logits: Tensor = self.head(features.flatten(start_dim=1))
        return logits


def conv_block(inputs: int, outputs: int, dropout: float) -> nn.Sequential:
    """Return convolution, pooling, ReLU and dropout: (N, C, S, S) -> (N, K, S/2, S/2).

    The tutorial has ReLU before pooling; both orders are the same function, and
    this one does a quarter of the work. ceil_mode is TensorFlow's SAME for 7 -> 4.
    """
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=False),
        nn.MaxPool2d(kernel_size=2, ceil_mode=True),
        nn.ReLU(),
        nn.Dropout(dropout),
    )


def build_network(architecture: Architecture) -> nn.Module:
    """Return the network with fresh weights, laid out as convolutions are fastest."""
    network = TutorialNetwork(architecture)
    for weight in network.parameters():
        if weight.dim() == IMAGE_DIMENSIONS:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    return network
