"""What the engine `numpy` can do: the tutorial's own layers, and no others."""

from app.architecture.architecture import Architecture
from app.architecture.contents import Part, part_of
from app.architecture.faults import Fault
from app.architecture.layers import kind_of
from app.architecture.parts import (
    Activation,
    Convolution,
    Dropout,
    Flatten,
    Linear,
    WindowPool,
)

BY_HAND = (
    "it can do conv with groups 1 and dilation 1, activation relu, pool max, flatten "
    "and linear, and dropout only with probability 0"
)


def refusals_by_hand(architecture: Architecture) -> list[Fault]:
    """Return a fault for each layer that the engine `numpy` cannot do."""
    faults: list[Fault] = []
    for number, layer in enumerate(architecture.layers):
        part, kind = part_of(layer), kind_of(layer)
        if not is_by_hand(part):
            place = ("layers", number, kind)
            message = f"The engine `numpy` cannot do this {kind}; {BY_HAND}."
            faults.append(Fault(place, "not_by_hand", message, part.model_dump()))
    return faults


def is_by_hand(part: Part) -> bool:
    match part:
        case (
            Convolution(groups=1, dilation=1)
            | Activation(kind="relu")
            | WindowPool(kind="max")
            | Dropout(probability=0)
            | Flatten()
            | Linear()
        ):
            return True
    return False
