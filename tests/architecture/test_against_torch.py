"""What our arithmetic says of random networks is what torch makes of them."""

from typing import Any

import pytest
import torch
from pydantic import ValidationError
from torch import Tensor, nn

from app.architecture import Architecture, Trace, check_architecture, trace
from app.vision.network import build_network
from tests.architecture.plain_torch import run
from tests.architecture.random_layers import random_architecture

SEEDS = 300
SIDES = (7, 8, 12, 13)
CLASSES = 5
# Torch leaves pixels out, adds empty ones, and flattens twice.
STRICTER_THAN_TORCH = {"output_not_whole", "padding_too_large", "second_flatten"}


def architecture_of(seed: int) -> tuple[Architecture, tuple[int, int, int]]:
    architecture = Architecture.model_validate(random_architecture(seed))
    shape = (2, SIDES[seed % 4], SIDES[seed // 4 % 4])
    return architecture.for_classes(CLASSES), shape


def shapes_seen(network: nn.Module, images: Tensor) -> dict[str, tuple[int, ...]]:
    """Return each layer's output shape, without the batch."""
    seen: dict[str, tuple[int, ...]] = {}

    def watch(name: str, layer: nn.Module) -> None:
        def note(_layer: nn.Module, _inputs: Any, output: Tensor) -> None:
            seen[name] = tuple(output.shape[1:])

        layer.register_forward_hook(note)

    for name, layer in network.named_modules():
        watch(name, layer)
    network(images)
    return seen


def accepted(seed: int) -> Trace | None:
    try:
        return check_architecture(*architecture_of(seed), CLASSES)
    except ValidationError:
        return None


def test_enough_of_the_random_networks_work() -> None:
    working = [seed for seed in range(SEEDS) if accepted(seed)]

    assert SEEDS // 4 < len(working) < SEEDS // 2


@pytest.mark.parametrize("seed", [seed for seed in range(SEEDS) if accepted(seed)])
def test_shapes_and_parameters_are_torchs(seed: int) -> None:
    architecture, shape = architecture_of(seed)
    way = trace(architecture.layers, shape)

    network = build_network(architecture, shape, as_written=True)

    seen = shapes_seen(network, torch.rand(2, *shape))
    own = {
        name: sum(weight.numel() for weight in layer.parameters(recurse=False))
        for name, layer in network.named_modules()
    }
    assert {row.name: row.step.output for row in way.rows}.items() <= seen.items()
    assert {row.name: row.step.parameters for row in way.rows}.items() <= own.items()


@pytest.mark.parametrize("seed", [seed for seed in range(SEEDS) if accepted(seed)])
def test_the_faster_order_is_the_same_function(seed: int) -> None:
    architecture, shape = architecture_of(seed)
    images = torch.rand(2, *shape)
    torch.manual_seed(seed)
    written = build_network(architecture, shape, as_written=True).eval()
    torch.manual_seed(seed)
    faster = build_network(architecture, shape).eval()

    torch.testing.assert_close(faster(images), written(images))


def faults(seed: int) -> set[str]:
    architecture, shape = architecture_of(seed)
    return {fault.code for fault in trace(architecture.layers, shape).faults}


def run_plainly(seed: int) -> Tensor:
    architecture, shape = architecture_of(seed)
    return run(architecture.model_dump()["layers"], torch.rand(2, *shape))


@pytest.mark.parametrize("seed", [seed for seed in range(SEEDS) if not faults(seed)])
def test_what_we_accept_torch_runs_to_the_same_shape(seed: int) -> None:
    architecture, shape = architecture_of(seed)

    output = run_plainly(seed)

    assert tuple(output.shape[1:]) == trace(architecture.layers, shape).shape


@pytest.mark.parametrize(
    "seed", [seed for seed in range(SEEDS) if faults(seed) - STRICTER_THAN_TORCH]
)
def test_what_we_refuse_torch_refuses_too(seed: int) -> None:
    with pytest.raises(RuntimeError):
        run_plainly(seed)


@pytest.mark.parametrize("seed", [seed for seed in range(SEEDS) if faults(seed)])
def test_what_we_refuse_is_not_built(seed: int) -> None:
    with pytest.raises(ValidationError):
        build_network(*architecture_of(seed))
