"""The network is what its architecture says, and the tutorial's weight for weight."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, conv2d, max_pool2d, pad

from app.architecture import NAMED, Architecture, ArchitectureName, named_architecture
from app.vision.dropout import ElementDropout
from app.vision.network import build_network
from tests.factories import PICTURE, TUTORIAL

Layers = list[dict[str, object]]


def network_of(
    *layers: dict[str, object],
    shape: tuple[int, ...] = (2, 7, 7),
    as_written: bool = False,
) -> nn.Module:
    architecture = Architecture.model_validate({"layers": list(layers)})
    return build_network(architecture, shape, as_written=as_written)


def test_the_parameters_are_the_tutorials() -> None:
    network = build_network(TUTORIAL, PICTURE)

    counts = [weight.numel() for weight in network.parameters()]

    assert counts == [288, 18_432, 73_728, 1_280_000, 6_250]
    assert sum(counts) == 1_378_698


def test_a_parameter_is_named_after_its_layers_place() -> None:
    network = build_network(named_architecture("tutorial").for_classes(10), PICTURE)
    residual = build_network(named_architecture("resnet_mini").for_classes(3), PICTURE)

    places = ["0.weight", "4.weight", "8.weight", "13.weight", "16.weight"]
    assert list(network.state_dict()) == places
    assert {"5.layers.0.weight", "5.shortcut.weight"} <= set(residual.state_dict())


@pytest.mark.parametrize("name", NAMED)
def test_a_named_network_has_an_output_for_each_class(name: ArchitectureName) -> None:
    network = build_network(named_architecture(name).for_classes(7), PICTURE)

    logits: Tensor = network(torch.rand(3, *PICTURE))

    assert logits.shape == (3, 7)


def test_every_layer_of_the_tutorial_starts_normal_around_zero() -> None:
    torch.manual_seed(0)
    network = build_network(TUTORIAL, PICTURE)

    for weight in network.parameters():
        error = 0.01 / weight.numel() ** 0.5
        assert abs(weight.mean().item()) < 4 * error
        assert weight.std().item() == pytest.approx(0.01, abs=4 * error)


@pytest.mark.parametrize("name", NAMED)
def test_the_same_seed_draws_the_same_network(name: ArchitectureName) -> None:
    architecture = named_architecture(name).for_classes(10)

    torch.manual_seed(3)
    first = build_network(architecture, PICTURE).state_dict()
    torch.manual_seed(3)
    second = build_network(architecture, PICTURE, as_written=True).state_dict()

    assert list(first) == list(second)
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_dropout_is_where_the_list_has_it() -> None:
    network = build_network(TUTORIAL.with_dropout(0.1, 0.4), PICTURE)

    chances = [
        layer.p for layer in network.modules() if isinstance(layer, ElementDropout)
    ]

    assert chances == [0.1, 0.1, 0.1, 0.4]


def test_channels_can_be_dropped_whole() -> None:
    network = network_of({"dropout": {"probability": 0.5, "kind": "channel"}})

    dropped: Tensor = network(torch.ones(1, 2, 7, 7))

    assert set(dropped.sum(dim=(2, 3)).flatten().tolist()) <= {0.0, 98.0}


def test_convolutions_are_laid_out_with_channels_last() -> None:
    network = build_network(TUTORIAL, PICTURE)

    convolutions = [weight for weight in network.parameters() if weight.dim() == 4]

    assert len(convolutions) == 3
    assert all(
        weight.is_contiguous(memory_format=torch.channels_last)
        for weight in convolutions
    )


@pytest.mark.parametrize("kind", ["relu", "leaky_relu", "elu", "sigmoid", "tanh"])
@pytest.mark.parametrize("side", [8, 7])
def test_an_activation_after_the_pooling_is_the_same_function(
    kind: str, side: int
) -> None:
    conv: dict[str, object] = {"conv": {"filters": 3, "kernel": 3, "padding": "same"}}
    layers: Layers = [conv, {"activation": kind}]
    layers.append({"pool": {"kind": "max", "size": 2, "padding": "same"}})
    torch.manual_seed(1)
    swapped = network_of(*layers, shape=(2, side, side))
    torch.manual_seed(1)
    written = network_of(*layers, shape=(2, side, side), as_written=True)
    images = torch.randn(4, 2, side, side)

    ours, theirs = swapped(images), written(images)

    # Squared, so that each output has a gradient of its own.
    our_gradients = torch.autograd.grad(ours.square().sum(), [*swapped.parameters()])
    their_gradients = torch.autograd.grad(
        theirs.square().sum(), [*written.parameters()]
    )
    assert [name for name, _layer in swapped.named_children()] == ["0", "2", "1"]
    assert [name for name, _layer in written.named_children()] == ["0", "1", "2"]
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(our_gradients, their_gradients)


@pytest.mark.parametrize("kind", ["gelu", "silu"])
def test_a_function_that_also_falls_stays_before_the_pooling(kind: str) -> None:
    network = network_of({"activation": kind}, {"pool": {"kind": "max", "size": 7}})

    assert [name for name, _layer in network.named_children()] == ["0", "1"]


@pytest.mark.parametrize(
    ("name", "spread"),
    [("xavier", (2 / (72 + 72)) ** 0.5), ("kaiming", (2 / 72) ** 0.5)],
)
def test_scaled_weights_keep_the_size_of_signals(name: str, spread: float) -> None:
    torch.manual_seed(0)
    asked = {
        "layers": [{"conv": {"filters": 8, "kernel": 3}}],
        "initial_weights": {"kind": name},
    }
    network = build_network(Architecture.model_validate(asked), (8, 3, 3))

    [weight, bias] = network.parameters()

    assert weight.std().item() == pytest.approx(spread, rel=0.1)
    assert bias.tolist() == [0.0] * 8


def test_orthogonal_weights_are_at_right_angles() -> None:
    asked = {"layers": [{"linear": 5}], "initial_weights": {"kind": "orthogonal"}}
    network = build_network(Architecture.model_validate(asked), (9,))

    [weight, _bias] = network.parameters()

    torch.testing.assert_close(weight @ weight.T, torch.eye(5))


def test_same_padding_puts_the_odd_pixel_at_the_end() -> None:
    conv = {"filters": 3, "kernel": 3, "stride": 2, "padding": "same", "bias": False}
    network = network_of({"conv": conv}, shape=(2, 8, 7))
    images = torch.randn(4, 2, 8, 7)

    found: Tensor = network(images)

    [weight] = network.parameters()
    torch.testing.assert_close(
        found, conv2d(pad(images, (1, 1, 0, 1)), weight, stride=2)
    )


def pooled(kind: str, size: int, stride: int, images: Tensor) -> Tensor:
    asked = {"kind": kind, "size": size, "stride": stride, "padding": "same"}
    shape = tuple(images.shape[1:])
    output: Tensor = network_of({"pool": asked}, shape=shape)(images)
    return output


# The border of each size and stride over 7 pixels: 0+1, 1+2, 1+1, 0+1.
borders = pytest.mark.parametrize(
    ("size", "stride", "border"),
    [(2, 2, (0, 1)), (4, 1, (1, 2)), (3, 2, (1, 1)), (2, 1, (0, 1)), (1, 3, (0, 0))],
)


@borders
def test_max_pooling_sees_nothing_outside(
    size: int, stride: int, border: tuple[int, int]
) -> None:
    images = torch.randn(2, 3, 7, 7) - 10
    outside = pad(images, border * 2, value=-torch.inf)

    expected = max_pool2d(outside, size, stride)

    torch.testing.assert_close(pooled("max", size, stride, images), expected)


@borders
def test_a_mean_does_not_count_the_padding(
    size: int, stride: int, border: tuple[int, int]
) -> None:
    images = torch.randn(2, 3, 7, 7)
    sums, counts = (
        avg_pool2d(pad(values, border * 2), size, stride)
        for values in (images, torch.ones_like(images))
    )

    torch.testing.assert_close(pooled("average", size, stride, images), sums / counts)


@borders
def test_l2_pooling_is_the_root_of_the_sum_of_squares(
    size: int, stride: int, border: tuple[int, int]
) -> None:
    images = torch.randn(2, 3, 7, 7)
    squares = pad(images.square(), border * 2)

    expected = (avg_pool2d(squares, size, stride) * size**2).sqrt()

    torch.testing.assert_close(pooled("l2", size, stride, images), expected)


def test_l2_pooling_has_a_gradient_at_zero() -> None:
    images = torch.zeros(1, 1, 4, 4, requires_grad=True)

    pooled("l2", 2, 2, images).sum().backward()

    assert images.grad is not None
    assert images.grad.isfinite().all()
