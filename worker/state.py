"""A training run as bytes and back: exact, and without pickle.

safetensors with every tensor under a dotted name; numbers lie as JSON in its header.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import safetensors.torch
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from app.vision.card import read_metadata
from worker.run import TrainingRun
from worker.stopping import Stopping

Tensors = dict[str, Tensor]
Numbers = dict[str, dict[str, Any]]


def save_run(run: TrainingRun) -> bytes:
    """Serialize all that the run is, with torch's random state."""
    tensors: Tensors = {
        "random.cpu": torch.get_rng_state(),
        "sums.loss": run.loss_sum,
        "sums.correct": run.correct,
    }
    if run.device.type == "cuda":
        tensors["random.cuda"] = torch.cuda.get_rng_state()
    for prefix, network in networks_of(run):
        for name, weight in network.state_dict().items():
            tensors[f"{prefix}{name}"] = weight
    place = {
        "epoch": run.epoch,
        "step": run.step,
        "seconds": run.seconds,
        "precision": run.precision,
        "stopping": asdict(run.stopping),
        "optimizer": save_optimizers(run, tensors),
    }
    packed = {name: pack(tensor) for name, tensor in tensors.items()}
    metadata = {"modelmill": json.dumps(place)}
    data: bytes = safetensors.torch.save(packed, metadata=metadata)
    return data


def restore_run(run: TrainingRun, data: bytes) -> None:
    """Set a fresh run, and torch's random state, to what save_run saw."""
    tensors: Tensors = safetensors.torch.load(data)
    place = json.loads(read_metadata(data)["modelmill"])
    for prefix, network in networks_of(run):
        network.load_state_dict(under(prefix, tensors))
    restore_optimizers(run, tensors, place["optimizer"])
    run.loss_sum.copy_(tensors["sums.loss"])
    run.correct.copy_(tensors["sums.correct"])
    run.epoch, run.step, run.seconds = place["epoch"], place["step"], place["seconds"]
    run.precision = place["precision"]
    run.stopping = Stopping.of(**place["stopping"])
    torch.set_rng_state(tensors["random.cpu"])
    if run.device.type == "cuda" and "random.cuda" in tensors:
        torch.cuda.set_rng_state(tensors["random.cuda"])


def networks_of(run: TrainingRun) -> Iterator[tuple[str, nn.Module]]:
    yield "network.", run.network
    if run.average is not None:
        yield "average.", run.average.network


def save_optimizers(run: TrainingRun, tensors: Tensors) -> Numbers:
    """Add what the optimizers keep of each weight; return what are plain numbers."""
    numbers: Numbers = {}
    for optimizer in run.optimizers:
        for name, weight in named_weights(run.network, optimizer):
            numbers[name] = {}
            for key, value in optimizer.state.get(weight, {}).items():
                if isinstance(value, Tensor):
                    tensors[f"optimizer.{name}.{key}"] = value
                else:
                    numbers[name][key] = value
    return numbers


def restore_optimizers(run: TrainingRun, tensors: Tensors, numbers: Numbers) -> None:
    for optimizer in run.optimizers:
        state: dict[int, dict[str, Any]] = {}
        for place, (name, weight) in enumerate(named_weights(run.network, optimizer)):
            kept = under(f"optimizer.{name}.", tensors)
            laid_out = {key: as_laid_out(value, weight) for key, value in kept.items()}
            if numbers[name] or laid_out:
                state[place] = {**numbers[name], **laid_out}
        groups = optimizer.state_dict()["param_groups"]
        optimizer.load_state_dict({"state": state, "param_groups": groups})


def named_weights(
    network: nn.Module, optimizer: Optimizer
) -> Iterator[tuple[str, nn.Parameter]]:
    """Yield an optimizer's weights in the order of its groups, by their names."""
    names = {id(weight): name for name, weight in network.named_parameters()}
    for group in optimizer.param_groups:
        for weight in group["params"]:
            yield names[id(weight)], weight


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
