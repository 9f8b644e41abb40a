"""Convolution and pooling in one are what they are apart."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, max_pool2d

from app.architecture import Architecture
from app.vision.network import build_network
from app.vision.stem import Stem, pooled_convolution, with_stem
from tests.factories import PICTURE, TUTORIAL

Part = dict[str, object]

CONV: Part = {"filters": 3, "kernel": 3, "padding": "same", "bias": False}
POOL: Part = {"kind": "max", "size": 2}


def whole(low: int, high: int, *shape: int) -> Tensor:
    """Return small whole numbers, with which every arithmetic is exact."""
    return torch.randint(low, high, shape).float()


@pytest.mark.parametrize("kernel", [1, 3, 5, 7])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_both_ways_give_the_same_numbers_and_gradients(
    kernel: int, dtype: torch.dtype
) -> None:
    """Small whole numbers, so that many windows have several largest."""
    torch.manual_seed(kernel)
    images = whole(0, 3, 5, 1, 12, 8).to(dtype)
    weight = whole(-1, 2, 6, 1, kernel, kernel).to(dtype).requires_grad_()
    gradient = whole(-2, 3, 5, 6, 6, 4).to(dtype)

    ours = pooled_convolution(images, weight)
    theirs = max_pool2d(conv2d(images, weight, padding=kernel // 2), 2)

    assert torch.equal(ours, theirs)
    [our_slope] = torch.autograd.grad(ours, weight, gradient)
    [their_slope] = torch.autograd.grad(theirs, weight, gradient)
    assert torch.equal(our_slope, their_slope)


@pytest.mark.parametrize(("dtype", "error"), [("float32", 1e-5), ("bfloat16", 0.05)])
def test_a_network_with_a_stem_is_the_same_network(dtype: str, error: float) -> None:
    torch.manual_seed(0)
    network = build_network(TUTORIAL.with_dropout(0.0, 0.0), PICTURE)
    nn.init.orthogonal_(next(network.parameters()))
    images = torch.rand(8, *PICTURE)

    with torch.autocast("cpu", torch.bfloat16, enabled=dtype == "bfloat16"):
        plain: Tensor = network(images)
        fused: Tensor = with_stem(network)(images)

    assert (fused - plain).norm() < error * plain.norm()


def test_the_tutorials_weights_are_shared_with_the_stem() -> None:
    network = build_network(TUTORIAL, PICTURE)

    fused = with_stem(network)

    assert isinstance(fused, nn.Sequential)
    assert isinstance(fused[0], Stem)
    theirs, ours = list(network.parameters()), list(fused.parameters())
    assert all(a is b for a, b in zip(theirs, ours, strict=True))


NO_STEMS: dict[str, tuple[tuple[int, int, int], Part, Part]] = {
    "three channels": ((3, 8, 8), CONV, POOL),
    "a bias": ((1, 8, 8), CONV | {"bias": True}, POOL),
    "no padding": ((1, 8, 8), CONV | {"padding": "valid"}, POOL),
    "an odd border": ((1, 8, 8), CONV | {"kernel": 2}, POOL),
    "a stride": ((1, 16, 16), CONV | {"stride": 2, "padding": "same"}, POOL),
    "a dilation": ((1, 8, 8), CONV | {"dilation": 2}, POOL),
    "an odd side": ((1, 7, 7), CONV, POOL | {"padding": "same"}),
    "larger windows": ((1, 9, 9), CONV, POOL | {"size": 3}),
    "windows that overlap": ((1, 9, 9), CONV, POOL | {"size": 3, "stride": 2}),
    "a mean": ((1, 8, 8), CONV, POOL | {"kind": "average"}),
}


@pytest.mark.parametrize(("shape", "conv", "pool"), NO_STEMS.values(), ids=NO_STEMS)
def test_other_layers_stay_as_they_are(
    shape: tuple[int, int, int], conv: Part, pool: Part
) -> None:
    layers = [{"conv": conv}, {"pool": pool}, {"flatten": {}}]
    network = build_network(Architecture.model_validate({"layers": layers}), shape)

    assert with_stem(network) is network


def test_a_network_of_one_layer_stays_as_it_is() -> None:
    single, linear = nn.Sequential(nn.Flatten()), nn.Linear(2, 2)

    assert with_stem(single) is single
    assert with_stem(linear) is linear


def test_images_get_a_gradient_where_they_want_one() -> None:
    """Saliency maps do."""
    torch.manual_seed(0)
    network = build_network(TUTORIAL, PICTURE)
    network.eval()
    images = torch.rand(2, *PICTURE, requires_grad=True)

    [ours] = torch.autograd.grad(with_stem(network)(images).sum(), images)
    [theirs] = torch.autograd.grad(network(images).sum(), images)

    assert torch.equal(ours, theirs)
