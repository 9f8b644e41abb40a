"""A moving average of a network's weights, which generalises better than the last."""

from copy import deepcopy

import torch
from torch import Tensor, nn

FIRST_STEPS = 10


class WeightAverage:
    """A second network whose every number follows the first one's.

    Polyak averaging with exponential decay; in the first steps the decay is smaller,
    so that the average does not remember untrained weights.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = deepcopy(network).requires_grad_(requires_grad=False)
        self._decay = decay
        self._ours, self._our_counts = numbers(self.network)
        self._theirs, self._their_counts = numbers(network)

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Move towards the network as it is after its step-th step, counted from 1."""
        decay = min(self._decay, (1 + step) / (FIRST_STEPS + step))
        torch._foreach_lerp_(self._ours, self._theirs, 1 - decay)
        for ours, theirs in zip(self._our_counts, self._their_counts, strict=True):
            ours.copy_(theirs)


def numbers(network: nn.Module) -> tuple[list[Tensor], list[Tensor]]:
    """Return the weights and statistics of a network, and its whole numbers."""
    tensors = list(network.state_dict().values())
    floats = [tensor for tensor in tensors if tensor.is_floating_point()]
    return floats, [tensor for tensor in tensors if not tensor.is_floating_point()]
