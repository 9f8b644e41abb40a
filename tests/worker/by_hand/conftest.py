"""Random arrays, and the gradients that autograd finds for the same function."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.float64]
Draw = Callable[..., Floats]


@pytest.fixture
def draw() -> Draw:
    """Give normal numbers of a shape; no two of them are equal."""
    return np.random.default_rng(2016).standard_normal


def autograd(
    function: Callable[..., Tensor], gradient: Floats, *arrays: Floats
) -> list[Floats]:
    """Return the gradient of each array, given that of the function's result."""
    tensors = [torch.from_numpy(array).requires_grad_() for array in arrays]
    function(*tensors).backward(torch.from_numpy(gradient))
    return [tensor.grad.numpy() for tensor in tensors if tensor.grad is not None]


def assert_same(ours: NDArray[np.floating], theirs: NDArray[np.floating]) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9, strict=True)
