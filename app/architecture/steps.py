"""What one layer makes of a shape, and its price for one image.

A shape is (channels, height, width), or (features,) once it is flat. A size of 0 is one
that a mistake further up left unknown: what follows from it is not told as well.
"""

from dataclasses import dataclass
from math import prod
from typing import Literal

from app.architecture.faults import Fault
from app.architecture.parts import (
    Activation,
    BatchNorm,
    Dropout,
    Flatten,
    LeakyActivation,
    Linear,
)

Shape = tuple[int, ...]

MAP_DIMENSIONS = 3
UNKNOWN = 0


@dataclass(frozen=True)
class Step:
    """What comes out of a layer, what it costs, and what cannot work."""

    output: Shape
    parameters: int = 0
    multiply_adds: int = 0
    window_reads: int = 0
    unshared_parameters: int | None = None
    formulas: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def are_maps(shape: Shape) -> bool:
    return len(shape) == MAP_DIMENSIONS


def written(shape: Shape) -> str:
    return "x".join(str(size) if size else "?" for size in shape)


def number(count: int | Literal["classes"]) -> int:
    """Return a count of a resolved architecture, where `classes` is a number."""
    if isinstance(count, str):
        raise TypeError("resolve the number of classes first")
    return count


def after_flatten(shape: Shape, what: str) -> Step:
    message = f"{what} needs channels of pixels; after the flatten there are none."
    return Step(shape, faults=(Fault((), "maps_after_flatten", message),))


def activate(_part: Activation | LeakyActivation, shape: Shape) -> Step:
    return Step(shape)


def normalize_batch(_part: BatchNorm, shape: Shape) -> Step:
    channels = shape[0]
    formula = f"{channels} scales + {channels} shifts = {2 * channels} parameters"
    return Step(shape, parameters=2 * channels, formulas=(formula,))


def drop(part: Dropout, shape: Shape) -> Step:
    if part.kind == "channel" and not are_maps(shape):
        return after_flatten(shape, "Dropping channels")
    return Step(shape)


def flatten(_part: Flatten, shape: Shape) -> Step:
    if not are_maps(shape):
        message = "It is flat already; one flatten is enough."
        return Step(shape, faults=(Fault((), "second_flatten", message),))
    features = prod(shape)
    factors = "·".join(map(str, shape))
    return Step((features,), formulas=(f"{factors} = {features}",) if features else ())


def connect(part: Linear, shape: Shape) -> Step:
    units = number(part.units)
    if are_maps(shape):
        message = f"A linear layer needs a flatten first; {written(shape)} comes in."
        return Step((units,), faults=(Fault((), "linear_before_flatten", message),))
    weights = shape[0] * units
    return Step(
        (units,),
        parameters=weights + units * part.bias,
        multiply_adds=weights,
        formulas=(weight_formula(f"{shape[0]}·{units}", weights, units * part.bias),),
    )


def weight_formula(factors: str, weights: int, biases: int) -> str:
    formula = f"{factors} = {weights:,} weights"
    return f"{formula}, and {biases:,} biases" if biases else formula
