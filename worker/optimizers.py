"""The optimizers of app.spec as torch's."""

from collections.abc import Iterable

from torch import nn, optim

from app.spec import SGD, RMSProp, TrainingSpec


def build_optimizer(
    parameters: Iterable[nn.Parameter], spec: TrainingSpec
) -> optim.Optimizer:
    """Return torch's optimizer for the spec.

    torch's RMSprop starts its mean square at 0 and adds epsilon to the root;
    TensorFlow's starts at 1 and adds it below the root. Both are Tieleman and
    Hinton's method (Coursera, lecture 6e) and reach the same accuracy here.
    """
    rate, chosen = spec.learning_rate, spec.optimizer
    if isinstance(chosen, RMSProp):
        return optim.RMSprop(
            parameters,
            lr=rate,
            alpha=chosen.decay,
            eps=chosen.epsilon,
            momentum=chosen.momentum,
        )
    if isinstance(chosen, SGD):
        return optim.SGD(
            parameters, lr=rate, momentum=chosen.momentum, nesterov=chosen.nesterov
        )
    adam = optim.AdamW if chosen.kind == "adamw" else optim.Adam
    return adam(
        parameters,
        lr=rate,
        betas=(chosen.beta1, chosen.beta2),
        eps=chosen.epsilon,
        weight_decay=chosen.weight_decay,
    )
