"""From an architecture to a network of one torch module per layer."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from app.architecture import Architecture, Row, Shape, part_of, refusal, trace
from app.architecture.layers import BranchLayer, Layer, Residual
from app.architecture.trace import projection_stride
from app.vision.initial_weights import draw_weights
from app.vision.modules import MAKERS
from app.vision.windows import MaxPool

Rows = dict[str, Row]
Chain = list[tuple[str, nn.Module]]
Arrange = Callable[[Chain], Chain]

# Where a number is larger, so is its function: the largest stays the largest.
GROWING = (nn.ReLU, nn.LeakyReLU, nn.ELU, nn.Sigmoid, nn.Tanh)


class ResidualBlock(nn.Module):
    """Layers, and a way around them."""

    def __init__(self, layers: nn.Module, shortcut: nn.Module) -> None:
        super().__init__()
        self.layers = layers
        self.shortcut = shortcut

    def forward(self, images: Tensor) -> Tensor:  # (N, C, H, W) -> (N, K, h, w)
        branch: Tensor = self.layers(images)
        around: Tensor = self.shortcut(images)
        return branch + around


def build_network(
    architecture: Architecture, input_shape: Shape, *, as_written: bool = False
) -> nn.Module:
    """Return the network with fresh weights; a layer's name is its place in the list.

    The architecture names numbers, not `classes`. Weights are drawn in order, on the
    CPU, from torch's global generator. Unless as_written, an activation before a
    max-pooling is computed after it: the same function, and a quarter of the work.

    Raises:
        ValidationError: The layers do not fit together.
    """
    way = trace(architecture.layers, input_shape)
    if way.faults:
        raise refusal(way.faults)
    arrange = unchanged if as_written else with_poolings_first
    # Torch draws weights while it builds, which are not wanted; to build on the meta
    # device instead imports sympy, a third of a second.
    with torch.random.fork_rng(devices=[]):
        network = build_layers(architecture.layers, way.by_name, "", arrange)
    draw_weights(network, architecture.initial_weights)
    return network


def build_layers(
    layers: Sequence[Layer | BranchLayer], rows: Rows, above: str, arrange: Arrange
) -> nn.Sequential:
    chain = [
        (str(place), build_layer(layer, rows, f"{above}{place}", arrange))
        for place, layer in enumerate(layers)
    ]
    return nn.Sequential(OrderedDict(arrange(chain)))


def build_layer(
    layer: Layer | BranchLayer, rows: Rows, name: str, arrange: Arrange
) -> nn.Module:
    part, row = part_of(layer), rows[name]
    if not isinstance(part, Residual):
        return MAKERS[type(part)](part, row)
    branch = build_layers(part.layers, rows, f"{name}.layers.", arrange)
    return ResidualBlock(branch, build_shortcut(part, row))


def build_shortcut(part: Residual, row: Row) -> nn.Module:
    start, end = row.input, row.step.output
    if part.shortcut == "identity":
        return nn.Identity()
    stride = projection_stride(start, end)
    return nn.Conv2d(start[0], end[0], 1, stride=stride or 1, bias=False)


def unchanged(chain: Chain) -> Chain:
    return chain


def with_poolings_first(chain: Chain) -> Chain:
    """Let each max-pooling change places with a growing function before it."""
    arranged: Chain = []
    for name, module in chain:
        swaps = bool(arranged) and isinstance(module, MaxPool)
        if swaps and isinstance(arranged[-1][1], GROWING):
            arranged.insert(-1, (name, module))
        else:
            arranged.append((name, module))
    return arranged
