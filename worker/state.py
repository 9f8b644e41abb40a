"""A training run as bytes and back: exact, and without pickle.

safetensors with every tensor under a dotted name; numbers lie as JSON in its header.
"""

import json
from typing import Any

import safetensors.torch
import torch
from torch import Tensor

from app.vision.checkpoint import read_metadata
from worker.training import TrainingRun

Tensors = dict[str, Tensor]


def save_run(run: TrainingRun) -> bytes:
    """Serialize weights, optimizer, random state and place in the epoch."""
    optimizer = run.optimizer.state_dict()
    tensors: Tensors = {
        "random.cpu": torch.get_rng_state(),
        "sums.loss": run.loss_sum,
        "sums.correct": run.correct,
    }
    if run.loss_sum.is_cuda:
        tensors["random.cuda"] = torch.cuda.get_rng_state()
    for name, weight in run.network.state_dict().items():
        tensors[f"network.{name}"] = weight
    numbers: dict[str, dict[str, Any]] = {}
    for index, entries in optimizer["state"].items():
        numbers[str(index)] = {}
        for key, value in entries.items():
            if isinstance(value, Tensor):
                tensors[f"optimizer.{index}.{key}"] = value
            else:
                numbers[str(index)][key] = value
    progress = {"epoch": run.epoch, "step": run.step, "optimizer": numbers}
    packed = {name: pack(tensor) for name, tensor in tensors.items()}
    metadata = {"modelmill": json.dumps(progress)}
    data: bytes = safetensors.torch.save(packed, metadata=metadata)
    return data


def restore_run(run: TrainingRun, data: bytes) -> None:
    """Set a fresh run, and torch's random state, to what save_run saw."""
    tensors: Tensors = safetensors.torch.load(data)
    progress = json.loads(read_metadata(data)["modelmill"])
    run.network.load_state_dict(under("network.", tensors))
    restore_optimizer(run, under("optimizer.", tensors), progress["optimizer"])
    run.loss_sum.copy_(tensors["sums.loss"])
    run.correct.copy_(tensors["sums.correct"])
    run.epoch, run.step = progress["epoch"], progress["step"]
    torch.set_rng_state(tensors["random.cpu"])
    if run.loss_sum.is_cuda and "random.cuda" in tensors:
        torch.cuda.set_rng_state(tensors["random.cuda"])


def restore_optimizer(
    run: TrainingRun, tensors: Tensors, numbers: dict[str, dict[str, Any]]
) -> None:
    weights = list(run.network.parameters())
    state: dict[int, dict[str, Any]] = {
        int(index): dict(entries) for index, entries in numbers.items()
    }
    for name, tensor in tensors.items():
        index, key = name.split(".", maxsplit=1)
        state[int(index)][key] = as_laid_out(tensor, weights[int(index)])
    groups = run.optimizer.state_dict()["param_groups"]
    run.optimizer.load_state_dict({"state": state, "param_groups": groups})


def as_laid_out(tensor: Tensor, weight: Tensor) -> Tensor:
    """Give an optimizer's tensor its weight's memory order.

    Vector and scalar arithmetic differ in the last bit, and which element meets
    which depends on the order; without this a resumed job is not the same job.
    """
    if tensor.shape != weight.shape:
        return tensor
    return torch.empty_like(weight).copy_(tensor).detach()


def under(prefix: str, tensors: Tensors) -> Tensors:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }


def pack(tensor: Tensor) -> Tensor:
    return tensor.detach().cpu().contiguous()
