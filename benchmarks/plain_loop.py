"""The peer: the tutorial's network as a PyTorch tutorial would train it."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, Dataset

from worker.data import Split


class Images(Dataset[tuple[Tensor, Tensor]]):
    """One image and label at a time, as a float tensor in 0..1."""

    def __init__(self, split: Split) -> None:
        self._split = split

    def __len__(self) -> int:
        return len(self._split)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        image = self._split.images[index].unsqueeze(0).float() / 255
        return image, self._split.labels[index]


def plain_network() -> nn.Sequential:
    """Convolution, ReLU, pooling, dropout, three times; two linear layers."""
    layers: list[nn.Module] = []
    for inputs, outputs in ((1, 32), (32, 64), (64, 128)):
        layers += [
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
            nn.ReLU(),
            nn.MaxPool2d(2, ceil_mode=True),
            nn.Dropout(0.2),
        ]
    head = [nn.Flatten(), nn.Linear(2048, 625, bias=False), nn.ReLU()]
    return nn.Sequential(
        *layers, *head, nn.Dropout(0.5), nn.Linear(625, 10, bias=False)
    )


def plain_steps(split: Split, batch_size: int) -> Iterator[None]:
    """Train for ever, one step each time one is asked for."""
    network = plain_network()
    optimizer = torch.optim.RMSprop(network.parameters(), lr=0.001, alpha=0.9)
    loader = DataLoader(Images(split), batch_size=batch_size, drop_last=True)
    while True:
        for images, labels in loader:
            optimizer.zero_grad()
            cross_entropy(network(images), labels).backward()
            optimizer.step()
            yield


def flop_per_image() -> int:
    """Return what one image costs in forward and backward, from the layers' shapes.

    A multiply-add is two. Each is done three times: for the outputs, for the gradient
    of the weights and, except in the first layer, for that of the inputs.
    """
    network, values = plain_network(), torch.zeros(1, 1, 28, 28)
    multiply_adds: list[int] = []
    for layer in network:
        values = layer(values)
        if isinstance(layer, nn.Conv2d | nn.Linear):
            places = values.numel() // len(layer.weight)
            multiply_adds.append(layer.weight.numel() * places)
    return 2 * (3 * sum(multiply_adds) - multiply_adds[0])
