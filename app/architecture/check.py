"""Whether an architecture fits pictures of a size and a number of classes."""

from collections.abc import Iterator, Sequence

from app.architecture.architecture import Architecture
from app.architecture.contents import part_of
from app.architecture.faults import Fault, Place, refusal
from app.architecture.layers import Layer, kind_of
from app.architecture.limits import excesses
from app.architecture.parts import Convolution, Linear
from app.architecture.steps import UNKNOWN, Shape, are_maps, written
from app.architecture.trace import Trace, trace

COUNTS = {Linear: "units", Convolution: "filters"}


def check_architecture(
    architecture: Architecture, input_shape: Shape, classes: int
) -> Trace:
    """Return the way through a resolved architecture; builds nothing.

    Raises:
        ValidationError: It cannot work; all faults, each at its layer.
    """
    way = trace(architecture.layers, input_shape)
    wrong_end = faults_of_end(architecture.layers, way.shape, classes)
    faults = [*way.faults, *wrong_end, *excesses(way.rows)]
    if faults:
        raise refusal(faults)
    return way


def faults_of_end(
    layers: Sequence[Layer], shape: Shape, classes: int
) -> Iterator[Fault]:
    if are_maps(shape):
        message = (
            f"The network ends in {written(shape)}; a flatten, and {classes} numbers "
            "after it, one for each class, have to end it."
        )
        yield Fault(("layers",), "wrong_outputs", message)
    elif shape[0] not in (classes, UNKNOWN):
        message = (
            f"{shape[0]} outputs for {classes} classes; `classes` fits any dataset."
        )
        yield Fault(place_of_outputs(layers), "wrong_outputs", message, shape[0])


def place_of_outputs(layers: Sequence[Layer]) -> Place:
    """Return where the number of outputs is written."""
    for number, layer in reversed(list(enumerate(layers))):
        name = COUNTS.get(type(part_of(layer)))
        if name is not None:
            return ("layers", number, kind_of(layer), name)
    return ("layers",)
