"""Each formula gives what torch gives, and its gradient what autograd finds."""

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from tests.worker.by_hand.conftest import Draw, assert_same, autograd
from worker.by_hand.formulas import (
    convolve,
    cross_entropy,
    filters_gradient,
    images_gradient,
    linear,
    logits_gradient,
    max_pool,
    max_pool_gradient,
    relu,
    relu_gradient,
    softmax,
    weight_gradient,
)
from worker.by_hand.window import Window

CONVOLUTIONS = [
    pytest.param((2, 1, 28, 28), (3, 1, 3, 3), 1, 1, id="as in the tutorial"),
    pytest.param((3, 2, 7, 9), (4, 2, 3, 3), 1, 0, id="valid, odd, not square"),
    pytest.param((2, 3, 8, 8), (5, 3, 5, 5), 1, 2, id="5x5"),
    pytest.param((2, 3, 5, 6), (2, 3, 1, 1), 1, 0, id="1x1"),
    pytest.param((2, 3, 9, 11), (2, 3, 3, 3), 2, 1, id="stride 2"),
    pytest.param((1, 3, 227, 227), (2, 3, 11, 11), 4, 0, id="the tutorial's 11x11"),
    pytest.param((2, 2, 10, 10), (2, 2, 3, 3), 4, 0, id="a rest that no window sees"),
]
POOLS = [
    pytest.param(28, 2, 2, 0, id="28 to 14"),
    pytest.param(9, 3, 3, 0, id="9 to 3"),
    pytest.param(7, 3, 2, 0, id="overlapping"),
    pytest.param(6, 3, 2, 1, id="padded"),
    pytest.param(8, 3, 3, 0, id="a rest that no window sees"),
]


@pytest.mark.parametrize(("images", "filters", "stride", "padding"), CONVOLUTIONS)
def test_a_convolution_is_torchs(
    draw: Draw,
    images: tuple[int, ...],
    filters: tuple[int, ...],
    stride: int,
    padding: int,
) -> None:
    a, w, window = draw(images), draw(filters), Window(filters[2], stride, padding)

    def torchs(a: Tensor, w: Tensor) -> Tensor:
        return functional.conv2d(a, w, stride=stride, padding=padding)

    z = convolve(a, w, window)
    dz = draw(z.shape)
    da, dw = autograd(torchs, dz, a, w)
    assert_same(z, torchs(torch.from_numpy(a), torch.from_numpy(w)).numpy())
    assert_same(images_gradient(a, w, dz, window), da)
    assert_same(filters_gradient(a, dz, window), dw)


def test_a_convolution_is_the_sum_in_the_tutorial(draw: Draw) -> None:
    a, w = draw((1, 1, 6, 6)), draw((1, 1, 3, 3))

    z = convolve(a, w, Window(3))

    by_the_book = sum(
        w[0, 0, u, v] * a[0, 0, 1 + u, 2 + v] for u in range(3) for v in range(3)
    )
    assert_same(z[0, 0, 1, 2], np.asarray(by_the_book)[()])


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("kernel", [2, 3, 4, 5])
def test_same_padding_of_a_convolution_is_torchs(draw: Draw, kernel: int) -> None:
    a, w = draw((2, 3, 7, 8)), draw((4, 3, kernel, kernel))

    z = convolve(a, w, Window(kernel, padding="same"))

    theirs = functional.conv2d(torch.from_numpy(a), torch.from_numpy(w), padding="same")
    assert_same(z, theirs.numpy())


@pytest.mark.parametrize(("width", "size", "stride", "padding"), POOLS)
def test_a_max_pool_is_torchs(
    draw: Draw, width: int, size: int, stride: int, padding: int
) -> None:
    a, window = draw((2, 3, width, width)), Window(size, stride, padding)

    def torchs(a: Tensor) -> Tensor:
        return functional.max_pool2d(a, size, stride, padding)

    z = max_pool(a, window)
    dz = draw(z.shape)
    (da,) = autograd(torchs, dz, a)
    assert_same(z, torchs(torch.from_numpy(a)).numpy())
    assert_same(max_pool_gradient(a, dz, window), da)


def test_a_same_pool_makes_four_of_seven(draw: Draw) -> None:
    a, window = draw((2, 3, 7, 7)), Window(2, 2, "same")

    def torchs(a: Tensor) -> Tensor:
        return functional.max_pool2d(a, 2, ceil_mode=True)

    z = max_pool(a, window)
    dz = draw((2, 3, 4, 4))
    (da,) = autograd(torchs, dz, a)
    assert_same(z, torchs(torch.from_numpy(a)).numpy())
    assert_same(max_pool_gradient(a, dz, window), da)


def test_of_equal_numbers_the_first_gets_the_gradient() -> None:
    da = max_pool_gradient(np.ones((1, 1, 2, 2)), np.ones((1, 1, 1, 1)), Window(2, 2))

    assert da.tolist() == [[[[1, 0], [0, 0]]]]


@pytest.mark.parametrize(
    ("width", "window", "expected"),
    [
        pytest.param(227, Window(11, 4), 55, id="the tutorial's example"),
        pytest.param(28, Window(3, 1, "same"), 28, id="same"),
        pytest.param(7, Window(2, 2, "same"), 4, id="same with stride"),
        pytest.param(28, Window(5, 1, "valid"), 24, id="valid"),
        pytest.param(5, Window(1, 3, "same"), 2, id="stride above kernel"),
    ],
)
def test_the_output_size_is_the_tutorials(
    width: int, window: Window, expected: int
) -> None:
    assert window.outputs(width) == expected


def test_relu_is_torchs(draw: Draw) -> None:
    a, dz = draw((4, 3, 5, 5)), draw((4, 3, 5, 5))

    assert_same(relu(a), functional.relu(torch.from_numpy(a)).numpy())
    assert_same(relu_gradient(a, dz), autograd(functional.relu, dz, a)[0])


def test_relu_lets_nothing_pass_at_zero() -> None:
    assert relu_gradient(np.zeros(1), np.ones(1)).tolist() == [0]


def test_a_linear_layer_is_torchs(draw: Draw) -> None:
    a, w, dz = draw((5, 7)), draw((3, 7)), draw((5, 3))

    da, dw = autograd(functional.linear, dz, a, w)

    theirs = functional.linear(torch.from_numpy(a), torch.from_numpy(w))
    assert_same(linear(a, w), theirs.numpy())
    assert_same(linear(dz, w.T), da)
    assert_same(weight_gradient(a, dz), dw)


def test_softmax_cross_entropy_is_torchs(draw: Draw) -> None:
    logits, labels = 3 * draw((6, 10)), np.array([3, 1, 4, 1, 5, 9])

    def torchs(logits: Tensor) -> Tensor:
        return functional.cross_entropy(logits, torch.from_numpy(labels))

    theirs = torchs(torch.from_numpy(logits)).item()
    (gradient,) = autograd(torchs, np.ones(()), logits)
    assert cross_entropy(logits, labels) == pytest.approx(theirs, abs=1e-9)
    assert_same(logits_gradient(logits, labels), gradient)


@pytest.mark.parametrize("size", [1e4, -1e4])
def test_large_logits_do_not_overflow(size: float) -> None:
    logits = np.array([[size, 0.0]])

    assert softmax(logits).sum() == 1
    assert cross_entropy(logits, np.array([0])) == max(-size, 0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays(draw: Draw, dtype: type[np.floating]) -> None:
    a, w = draw((2, 1, 6, 6)).astype(dtype), draw((2, 1, 3, 3)).astype(dtype)
    window = Window(3, 1, 1)

    z = convolve(a, w, window)
    results: list[np.ndarray[tuple[int, ...], np.dtype[np.floating]]] = [
        z,
        filters_gradient(a, z, window),
        images_gradient(a, w, z, window),
        max_pool_gradient(z, max_pool(z, window), window),
        logits_gradient(z.reshape(2, -1), np.array([0, 1])),
    ]

    assert {result.dtype for result in results} == {np.dtype(dtype)}
