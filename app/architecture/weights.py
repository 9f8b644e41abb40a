"""The names and shapes of a network's weights, told without building it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.architecture.architecture import Architecture, with_classes
from app.architecture.contents import changed, part_of
from app.architecture.faults import Fault, Place
from app.architecture.layers import BranchLayer, Layer
from app.architecture.parts import CLASSES, BatchNorm, Convolution, Linear
from app.architecture.steps import Shape, number
from app.architecture.trace import Row, trace

WeightShapes = dict[str, Shape]

COUNTERS = "num_batches_tracked"


def weight_shapes(architecture: Architecture, input_shape: Shape) -> WeightShapes:
    """Return what the network's file holds; an architecture that works is supposed."""
    rows = trace(architecture.layers, input_shape).rows
    parts = dict(parts_by_name(architecture.layers, ""))
    shapes: WeightShapes = {}
    for row in rows:
        for name, shape in shapes_of(row, parts.get(row.name)):
            shapes[f"{row.name}.{name}"] = shape
    return shapes


def parts_by_name(
    layers: list[Layer] | list[BranchLayer], above: str
) -> Iterator[tuple[str, object]]:
    for place, layer in enumerate(layers):
        part = part_of(layer)
        yield f"{above}{place}", part
        inner = getattr(part, "layers", None)
        if inner is not None:
            yield from parts_by_name(inner, f"{above}{place}.layers.")


def shapes_of(row: Row, part: object) -> Iterator[tuple[str, Shape]]:
    width = row.input[0]
    if isinstance(part, Convolution):
        side = (part.kernel, part.kernel)
        yield "weight", (number(part.filters), width // part.groups, *side)
    elif isinstance(part, Linear):
        yield "weight", (number(part.units), width)
    elif isinstance(part, BatchNorm):
        for name in ("weight", "bias", "running_mean", "running_var"):
            yield name, (width,)
        yield COUNTERS, ()
    elif row.kind == "projection":
        yield "weight", (row.step.output[0], width, 1, 1)
    if isinstance(part, Convolution | Linear) and part.bias:
        yield "bias", (row.step.output[0],)


def head_of(architecture: Architecture) -> int | None:
    """Return the place of the layer whose outputs are the classes."""
    places = (
        place
        for place, layer in reversed(list(enumerate(architecture.layers)))
        if isinstance(part_of(layer), Linear | Convolution)
    )
    return next(places, None)


def for_other_classes(architecture: Architecture, classes: int) -> Architecture:
    """Return a resolved architecture with a head for so many classes."""
    head = head_of(architecture)
    if head is None:
        return architecture
    part = part_of(architecture.layers[head])
    count = "units" if isinstance(part, Linear) else "filters"
    opened = part.model_copy(update={count: CLASSES})
    layers = [*architecture.layers]
    put = with_classes(classes)
    layers[head] = changed(layers[head], lambda _part: put(opened))
    return architecture.model_copy(update={"layers": layers})


def misfits(
    architecture: Architecture, input_shape: Shape, found: Mapping[str, Shape]
) -> list[Fault]:
    """Return a fault for each layer whose weights cannot be taken from those found.

    The head may have another number of classes: its weights are then drawn anew.
    """
    places = {
        row.name: row.place for row in trace(architecture.layers, input_shape).rows
    }
    wanted = weight_shapes(architecture, input_shape)
    replaced = replaced_weights(architecture, wanted, found)
    faults = [
        misfit(name, places[name.rpartition(".")[0]], shape, found.get(name))
        for name, shape in wanted.items()
        if name not in replaced and found.get(name) != shape
    ]
    faults += [
        misfit(name, ("layers",), None, shape)
        for name, shape in found.items()
        if name not in wanted
    ]
    return faults


def replaced_weights(
    architecture: Architecture, wanted: WeightShapes, found: Mapping[str, Shape]
) -> list[str]:
    """Return the weights of the head if it only has another number of outputs."""
    head = [name for name in wanted if name.startswith(f"{head_of(architecture)}.")]
    differ = [name for name in head if found.get(name) != wanted[name]]
    fits = all(name in found and found[name][1:] == wanted[name][1:] for name in head)
    return head if differ and fits else []


@dataclass(frozen=True)
class StartingWeights:
    """What a network takes of another: all but these, unless there are faults."""

    replaced: list[str]
    faults: list[Fault]


def starting_weights(
    architecture: Architecture,
    input_shape: Shape,
    parent: Architecture,
    parent_shape: Shape,
) -> StartingWeights:
    """Compare a network with the one whose weights it is to start from."""
    found = weight_shapes(parent, parent_shape)
    wanted = weight_shapes(architecture, input_shape)
    return StartingWeights(
        replaced_weights(architecture, wanted, found),
        misfits(architecture, input_shape, found),
    )


def misfit(name: str, place: Place, wanted: Shape | None, found: Shape | None) -> Fault:
    have = "nothing" if found is None else str(found)
    need = "nothing" if wanted is None else str(wanted)
    message = f"The checkpoint has {have} for {name}, where this network has {need}."
    return Fault(place, "checkpoint_does_not_fit", message)
