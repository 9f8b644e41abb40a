"""The way of a shape through all layers: a row for each, and every fault."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, prod
from typing import Any

from app.architecture.contents import part_of
from app.architecture.faults import Fault, Place
from app.architecture.layers import BranchLayer, Layer, Residual, kind_of
from app.architecture.parts import (
    Activation,
    BatchNorm,
    Convolution,
    Dropout,
    Flatten,
    GlobalPool,
    LeakyActivation,
    Linear,
    WindowPool,
)
from app.architecture.steps import (
    UNKNOWN,
    Shape,
    Step,
    activate,
    after_flatten,
    are_maps,
    connect,
    drop,
    flatten,
    normalize_batch,
    weight_formula,
    written,
)
from app.architecture.windows import convolve, pool, pool_globally

BYTES_PER_NUMBER = 4

STEPS: dict[type, Callable[[Any, Shape], Step]] = {
    Activation: activate,
    LeakyActivation: activate,
    BatchNorm: normalize_batch,
    Convolution: convolve,
    Dropout: drop,
    Flatten: flatten,
    GlobalPool: pool_globally,
    Linear: connect,
    WindowPool: pool,
}


@dataclass(frozen=True)
class Row:
    """One layer: `name` is its module's in the network, `place` its key in the spec."""

    name: str
    place: Place
    kind: str
    input: Shape
    step: Step

    @property
    def memory_bytes(self) -> int:
        """What its output takes, for one image in fp32."""
        return prod(self.step.output) * BYTES_PER_NUMBER

    @property
    def unshared_parameters(self) -> int:
        """What it would have if each place had filters of its own."""
        unshared = self.step.unshared_parameters
        return self.step.parameters if unshared is None else unshared


@dataclass
class Trace:
    """What was seen on the way; shape is where it stands."""

    shape: Shape
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def parameters(self) -> int:
        return sum(row.step.parameters for row in self.rows)

    @property
    def unshared_parameters(self) -> int:
        return sum(row.unshared_parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        return sum(row.step.multiply_adds for row in self.rows)

    @property
    def memory_bytes(self) -> int:
        return sum(row.memory_bytes for row in self.rows)

    @property
    def by_name(self) -> dict[str, Row]:
        return {row.name: row for row in self.rows}

    def take(self, name: str, place: Place, kind: str, step: Step) -> None:
        """Go one step further."""
        self.rows.append(Row(name, place, kind, self.shape, step))
        self.faults += [fault.below(place) for fault in step.faults]
        self.shape = step.output


def trace(layers: Sequence[Layer], shape: Shape) -> Trace:
    """Follow one image's shape through layers whose every count is a number."""
    way = Trace(shape)
    for number, layer in enumerate(layers):
        pass_through(way, layer, str(number), ("layers", number))
    return way


def pass_through(
    way: Trace, layer: Layer | BranchLayer, name: str, above: Place
) -> None:
    kind, part = kind_of(layer), part_of(layer)
    place = (*above, kind)
    if isinstance(part, Residual):
        branch_off(way, part, name, place)
    else:
        way.take(name, place, kind, STEPS[type(part)](part, way.shape))


def branch_off(way: Trace, part: Residual, name: str, place: Place) -> None:
    """Follow the branch, then the shortcut; they must meet in one shape."""
    start = way.shape
    if not are_maps(start):
        way.take(name, place, "residual", after_flatten(start, "A residual block"))
        return
    for number, layer in enumerate(part.layers):
        below = (*place, "layers", number)
        pass_through(way, layer, f"{name}.layers.{number}", below)
    end, way.shape = way.shape, start
    step = meet(part, start, end)
    if part.shortcut == "projection" and not step.faults:
        way.take(f"{name}.shortcut", place, "projection", project(start, end))
        way.shape = start
    way.take(name, place, "residual", step)


def meet(part: Residual, start: Shape, end: Shape) -> Step:
    """Return the sum of both ways, if they can be added."""
    if part.shortcut == "projection":
        can_meet = UNKNOWN in end or projection_stride(start, end) is not None
        message = (
            f"No stride makes {written(start)} to {written(end)}: ceil({start[1]}/S) = "
            f"{end[1]} and ceil({start[2]}/S) = {end[2]} have no common solution."
        )
    else:
        can_meet = (UNKNOWN in end[1:] and start[0] == end[0]) or start == end
        message = (
            f"{written(start)} comes in and the branch ends in {written(end)}; they "
            "cannot be added. The shortcut `projection` may help."
        )
    if can_meet:
        return Step(end)
    return Step(end, faults=(Fault(("shortcut",), "residual_shape", message),))


def project(start: Shape, end: Shape) -> Step:
    """Return the 1x1 convolution that makes one shape to the other."""
    weights = start[0] * end[0]
    places = prod(end[1:])
    return Step(
        end,
        parameters=weights,
        multiply_adds=weights * places,
        unshared_parameters=weights * places,
        formulas=(weight_formula(f"{end[0]}·1·1·{start[0]}", weights, 0),),
    )


def projection_stride(start: Shape, end: Shape) -> int | None:
    """Return the stride at which every S-th pixel makes one shape to the other."""
    sides = list(zip(start[1:], end[1:], strict=True))
    strides = range(1, max(start[1:]) + 1)
    fitting = (
        stride
        for stride in strides
        if all(ceil(side / stride) == output for side, output in sides)
    )
    return next(fitting, None)
