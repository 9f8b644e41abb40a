"""The first convolution and its max-pooling in one, for training on the CPU.

A convolution of one channel is too thin for oneDNN. Here one window of the pooling
and all the pixels that it depends on make a row, and one matrix product for each of
the window's four places computes all of a layer.
"""

from collections.abc import Callable
from itertools import product
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from app.vision.windows import Border, MaxPool

WINDOW = 2
PLACES = tuple(product(range(WINDOW), repeat=2))  # as torch scans a window

positive_part = torch.ops.aten.threshold_backward.grad_input


class Context(Protocol):
    """What torch hands from forward to backward."""

    kernel: int
    saved_tensors: tuple[Tensor, Tensor, Tensor, Tensor]

    def save_for_backward(self, *tensors: Tensor) -> None: ...


class PooledConvolution(torch.autograd.Function):
    """Convolution of one channel with `same` padding, then 2x2 max-pooling.

    Of equal numbers in a window the first gets the gradient, as in torch.
    """

    @staticmethod
    def forward(ctx: Context, images: Tensor, weight: Tensor) -> Tensor:
        count, _, height, width = images.shape
        kernel = ctx.kernel = weight.shape[-1]
        rows = window_rows(images, kernel)  # (N * H/2 * W/2, (kernel + 1)^2)
        first, second, third, fourth = torch.matmul(rows, place_filters(weight))
        across_top = second - first
        top = torch.maximum(first, second, out=first)
        across_bottom = fourth - third
        bottom = torch.maximum(third, fourth, out=third)
        down = torch.sub(bottom, top, out=second)
        ctx.save_for_backward(rows, across_top, across_bottom, down)
        largest = torch.maximum(top, bottom)
        return largest.view(count, height // 2, width // 2, -1).permute(0, 3, 1, 2)

    @staticmethod
    def backward(ctx: Context, gradient: Tensor) -> tuple[None, Tensor]:
        rows, across_top, across_bottom, down = ctx.saved_tensors
        gradient = gradient.permute(0, 2, 3, 1).reshape(down.shape)
        places = gradient.new_empty(len(PLACES), *down.shape)
        top, bottom = places[:2], places[2:]
        divide(gradient, down, (top[0], bottom[0]))
        divide(top[0], across_top, (top[0], top[1]))
        divide(bottom[0], across_bottom, (bottom[0], bottom[1]))
        # Four products: a batched one would copy the rows four times.
        slopes = torch.stack([rows.t() @ place for place in places])
        return None, gather_filters(slopes, ctx.kernel)


pooled_convolution: Callable[[Tensor, Tensor], Tensor] = PooledConvolution.apply


def window_rows(images: Tensor, kernel: int) -> Tensor:
    """Return for each 2x2 window the pixels around it: (N, 1, H, W) -> (n, pixels)."""
    padded = pad(images[:, 0], (kernel // 2,) * 4)
    windows = padded.unfold(1, kernel + 1, WINDOW).unfold(2, kernel + 1, WINDOW)
    return windows.reshape(-1, (kernel + 1) ** 2)


def place_filters(weight: Tensor) -> Tensor:
    """Lay each filter at each place of a window: (K, 1, k, k) -> (4, pixels, K)."""
    filters, _, kernel, _ = weight.shape
    placed = weight.new_zeros(len(PLACES), kernel + 1, kernel + 1, filters)
    for place, (down, right) in zip(placed, PLACES, strict=True):
        place[down : down + kernel, right : right + kernel] = weight[:, 0].movedim(0, 2)
    return placed.flatten(1, 2)


def gather_filters(placed: Tensor, kernel: int) -> Tensor:
    """Sum over the places of a window: (4, pixels, K) -> (K, 1, k, k)."""
    squares = placed.unflatten(1, (kernel + 1, kernel + 1)).float()
    total = torch.zeros_like(squares[0, :kernel, :kernel])
    for place, (down, right) in zip(squares, PLACES, strict=True):
        total += place[down : down + kernel, right : right + kernel]
    return total.movedim(2, 0).unsqueeze(1).to(placed.dtype)


def divide(gradient: Tensor, lead: Tensor, parts: tuple[Tensor, Tensor]) -> None:
    """Give the gradient to the second part where it leads, else to the first."""
    first, second = parts
    positive_part(gradient, lead, 0, grad_input=second)
    torch.sub(gradient, second, out=first)


class Stem(nn.Module):
    """A convolution and the pooling after it, whose weights stay where they were."""

    def __init__(self, convolution: nn.Conv2d, pooling: MaxPool) -> None:
        super().__init__()
        self.convolution = convolution
        self.pooling = pooling

    def forward(self, images: Tensor) -> Tensor:  # (N, 1, H, W) -> (N, K, H/2, W/2)
        if not images.is_cpu or images.requires_grad:
            unfused: Tensor = self.pooling(self.convolution(images))
            return unfused
        is_mixed = torch.is_autocast_enabled("cpu")
        dtype = torch.get_autocast_dtype("cpu") if is_mixed else images.dtype
        weight = self.convolution.weight.to(dtype)
        return pooled_convolution(images.to(dtype), weight)


def with_stem(network: nn.Module) -> nn.Module:
    """Return the same layers, the first two as one if they are a stem."""
    if not isinstance(network, nn.Sequential):
        return network
    match list(network):
        case [nn.Conv2d() as convolution, MaxPool() as pooling, *others]:
            if is_thin(convolution) and is_halving(pooling):
                return nn.Sequential(Stem(convolution, pooling), *others)
    return network


def is_thin(convolution: nn.Conv2d) -> bool:
    """Whether it has one input channel, and its output the size of its input."""
    kernel = convolution.kernel_size[0]
    return (
        convolution.in_channels == 1
        and convolution.bias is None
        and convolution.kernel_size == (kernel, kernel)
        and convolution.padding == (kernel // 2, kernel // 2)
        and kernel % 2 == 1
        and convolution.stride == convolution.dilation == (1, 1)
    )


def is_halving(pooling: MaxPool) -> bool:
    return pooling.window == pooling.stride == WINDOW and pooling.border == Border()
