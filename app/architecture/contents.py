"""What stands behind the key of a layer: to look at, and to change."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from app.architecture.layers import Residual, kind_of
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
from app.strict import Strict

AnyLayer = TypeVar("AnyLayer", bound=Strict)
Part = (
    Convolution
    | BatchNorm
    | Activation
    | LeakyActivation
    | WindowPool
    | GlobalPool
    | Dropout
    | Flatten
    | Linear
    | Residual
)


def part_of(layer: Strict) -> Part:
    """Return what stands behind the one key of a layer."""
    part: Part = getattr(layer, kind_of(layer))
    return part


def changed(layer: AnyLayer, change: Callable[[Part], Part]) -> AnyLayer:
    """Return a layer with its part changed; of a residual block, every part inside."""
    part = part_of(layer)
    if isinstance(part, Residual):
        inner = [changed(one, change) for one in part.layers]
        part = part.model_copy(update={"layers": inner})
    return layer.model_copy(update={kind_of(layer): change(part)})


def parts_of(layers: Sequence[Strict]) -> Iterator[Part]:
    """Yield every part, those inside of residual blocks after their block."""
    for layer in layers:
        part = part_of(layer)
        yield part
        if isinstance(part, Residual):
            yield from parts_of(part.layers)
