"""A second opinion: a list of layers, run by torch's functions with no plan ahead."""

from math import ceil
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

Json = dict[str, Any]


def run(layers: list[Json], images: Tensor) -> Tensor:
    """Send images through layers whose weights are all 0; torch refuses or not."""
    for layer in layers:
        [(kind, part)] = layer.items()
        images = RUNS[kind](part, images)
    return images


def run_conv(part: Json, images: Tensor) -> Tensor:
    kernel, dilation = part["kernel"], part["dilation"]
    shape = (part["filters"], images.shape[1] // part["groups"], kernel, kernel)
    return functional.conv2d(
        bordered(part, dilation * (kernel - 1) + 1, images),
        torch.zeros(shape),
        None,
        part["stride"],
        int_padding(part),
        dilation,
        part["groups"],
    )


def run_pool(part: Json, images: Tensor) -> Tensor:
    if part["kind"] == "global_average":
        return images.mean(dim=(2, 3), keepdim=True)
    bordering = bordered(part, part["size"], images)
    padding = int_padding(part)
    return functional.max_pool2d(bordering, part["size"], part["stride"], padding)


def int_padding(part: Json) -> int:
    return part["padding"] if isinstance(part["padding"], int) else 0


def bordered(part: Json, window: int, images: Tensor) -> Tensor:
    """Return images with a border of `same` on a copy; torch draws the others."""
    if part["padding"] != "same":
        return images
    edges = []
    for side in reversed(images.shape[2:]):
        reach = (ceil(side / part["stride"]) - 1) * part["stride"] + window
        total = max(reach - side, 0)
        edges += [total // 2, total - total // 2]
    return functional.pad(images, edges)


def run_residual(part: Json, images: Tensor) -> Tensor:
    branch = run(part["layers"], images)
    if part["shortcut"] == "identity":
        return branch if branch.shape == images.shape else no_way(images, branch)
    weight = torch.zeros(branch.shape[1], images.shape[1], 1, 1)
    for stride in range(1, 14):
        around = functional.conv2d(images, weight, stride=stride)
        if around.shape == branch.shape:
            return around + branch
    return no_way(images, branch)


def no_way(images: Tensor, branch: Tensor) -> Tensor:
    raise RuntimeError(f"{images.shape} and {branch.shape}")


def run_linear(part: Json, rows: Tensor) -> Tensor:
    return functional.linear(rows, torch.zeros(part["units"], rows.shape[1]))


def run_nothing(_part: Json, images: Tensor) -> Tensor:
    return images


RUNS = {
    "conv": run_conv,
    "pool": run_pool,
    "residual": run_residual,
    "linear": run_linear,
    "flatten": lambda _part, images: images.flatten(1),
    "activation": run_nothing,
    "batch_norm": run_nothing,
    "dropout": run_nothing,
}
