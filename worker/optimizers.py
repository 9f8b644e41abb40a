"""The optimizers of app.spec as torch's, and the learning rate they step with."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn, optim

from app.spec import SGD, Adam, Muon, RMSProp, TrainingSpec
from worker.rmsprop import FusedRMSprop

MATRIX = 2
RATE_FACTOR = "rate_factor"  # of a group's learning rate to the spec's


def build_optimizers(network: nn.Module, spec: TrainingSpec) -> list[optim.Optimizer]:
    """Return the optimizers that together hold each weight of the network once."""
    weights = list(network.parameters())
    chosen = spec.optimizer
    if isinstance(chosen, Muon):
        return muon_and_adamw(weights, spec.learning_rate, chosen)
    groups = decayed_apart(weights, chosen.weight_decay)
    return [build_optimizer(groups, spec.learning_rate, chosen)]


def decayed_apart(
    weights: Iterable[nn.Parameter], weight_decay: float
) -> list[dict[str, Any]]:
    """Group weights so that only filters and matrices decay.

    Biases and the scales of batch normalisation do not overfit, and pulled to 0
    they do harm.
    """
    kept: dict[bool, list[nn.Parameter]] = {True: [], False: []}
    for weight in weights:
        kept[weight_decay > 0 and weight.dim() >= MATRIX].append(weight)
    return [
        {"params": params, "weight_decay": weight_decay if decays else 0.0}
        for decays, params in kept.items()
        if params
    ]


def build_optimizer(
    groups: list[dict[str, Any]], rate: float, chosen: RMSProp | SGD | Adam
) -> optim.Optimizer:
    """Return torch's optimizer, in its form that passes over the memory once.

    The fused kernels ask for no strides: a gradient must lie in memory as its weight
    does, which autograd sees to.

    torch's RMSprop starts its mean square at 0 and adds epsilon to the root;
    TensorFlow's starts at 1 and adds it below the root. Both are Tieleman and
    Hinton's method (Coursera, lecture 6e) and reach the same accuracy here.
    """
    if isinstance(chosen, RMSProp):
        return FusedRMSprop(
            groups,
            lr=rate,
            alpha=chosen.decay,
            eps=chosen.epsilon,
            momentum=chosen.momentum,
        )
    if isinstance(chosen, SGD):
        return optim.SGD(
            groups,
            lr=rate,
            momentum=chosen.momentum,
            nesterov=chosen.nesterov,
            fused=True,
        )
    adam = optim.AdamW if chosen.kind == "adamw" else optim.Adam
    return adam(
        groups,
        lr=rate,
        betas=(chosen.beta1, chosen.beta2),
        eps=chosen.epsilon,
        fused=True,
    )


def muon_and_adamw(
    weights: list[nn.Parameter], rate: float, chosen: Muon
) -> list[optim.Optimizer]:
    """Return Muon for the hidden layers' matrices, and AdamW for all else.

    The output layer is none of Muon's, as its author advises.
    """
    matrices = [weight for weight in weights if weight.dim() == MATRIX][:-1]
    others = [w for w in weights if not any(w is matrix for matrix in matrices)]
    groups = decayed_apart(others, chosen.weight_decay)
    factor = chosen.adamw_learning_rate_factor
    adamw = optim.AdamW(
        [{**group, RATE_FACTOR: factor} for group in groups],
        lr=rate * factor,
        fused=True,
    )
    if not matrices:
        return [adamw]
    muon = optim.Muon(
        matrices,
        lr=rate,
        momentum=chosen.momentum,
        nesterov=chosen.nesterov,
        weight_decay=chosen.weight_decay,
    )
    return [muon, adamw]


def set_learning_rate(optimizers: list[optim.Optimizer], rate: float) -> None:
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate * group.get(RATE_FACTOR, 1.0)


@torch.no_grad()
def step_all(optimizers: list[optim.Optimizer]) -> None:
    for optimizer in optimizers:
        optimizer.step()
