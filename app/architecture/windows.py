"""The layers whose windows slide over the picture: convolutions and poolings."""

from collections.abc import Iterator
from math import prod

from app.architecture.faults import Fault
from app.architecture.parts import Convolution, GlobalPool, WindowPool
from app.architecture.sliding import MINUS, Slide, slide
from app.architecture.steps import (
    UNKNOWN,
    Shape,
    Step,
    after_flatten,
    are_maps,
    number,
    weight_formula,
)


def convolve(part: Convolution, shape: Shape) -> Step:
    if not are_maps(shape):
        return after_flatten(shape, "A convolution")
    slides = slides_of(part, shape)
    channels, filters = shape[0], number(part.filters)
    inputs = channels // part.groups
    weights = filters * part.kernel**2 * inputs
    misfits = list(misfits_of(slides, part, "kernel"))
    output = (filters, *outputs(slides, misfits))
    places = prod(output[1:])
    biases = filters * part.bias
    depth = f"({channels}/{part.groups})" if part.groups > 1 else str(channels)
    factors = f"{filters}·{part.kernel}·{part.kernel}·{depth}"
    return Step(
        output,
        parameters=weights + biases,
        multiply_adds=places * weights,
        unshared_parameters=places * (weights + biases),
        formulas=(*equations(slides), weight_formula(factors, weights, biases)),
        faults=(*misfits, *indivisible(part, channels)),
    )


def pool(part: WindowPool, shape: Shape) -> Step:
    if not are_maps(shape):
        return after_flatten(shape, "A pooling")
    slides = slides_of(part, shape)
    misfits = list(misfits_of(slides, part, "size"))
    if isinstance(part.padding, int) and 2 * part.padding > part.size:
        message = (
            f"Padding {part.padding} is more than half of the window: 2·{part.padding} "
            f"> {part.size}, so a window could lie outside of the picture."
        )
        misfits = [Fault(("padding",), "pool_padding_too_large", message, part.padding)]
    output = (shape[0], *outputs(slides, misfits))
    return Step(
        output,
        window_reads=prod(output) * part.size**2,
        formulas=equations(slides),
        faults=tuple(misfits),
    )


def pool_globally(_part: GlobalPool, shape: Shape) -> Step:
    if not are_maps(shape):
        return after_flatten(shape, "A pooling")
    sides = f"mean of {shape[1]}·{shape[2]} pixels per channel"
    return Step((shape[0], 1, 1), window_reads=prod(shape), formulas=(sides,))


def slides_of(part: Convolution | WindowPool, shape: Shape) -> tuple[Slide, ...]:
    """Return how the window goes down and across."""
    window = part.size if isinstance(part, WindowPool) else extent(part)
    return tuple(slide(side, window, part.stride, part.padding) for side in shape[1:])


def extent(part: Convolution) -> int:
    """Return how many pixels a filter spans."""
    return part.dilation * (part.kernel - 1) + 1


def outputs(slides: tuple[Slide, ...], misfits: list[Fault]) -> list[int]:
    return [UNKNOWN if misfits or not one.side else one.output for one in slides]


def equations(slides: tuple[Slide, ...]) -> tuple[str, ...]:
    """Write the formula for the height, and for the width if that is another."""
    return tuple(dict.fromkeys(one.equation() for one in slides if one.side))


def misfits_of(
    slides: tuple[Slide, ...], part: Convolution | WindowPool, name: str
) -> Iterator[Fault]:
    """Yield what is wrong with the first side that does not fit."""
    size = part.kernel if isinstance(part, Convolution) else part.size
    for one in slides:
        if not one.side:
            continue
        if one.before > one.side:
            message = f"Padding {one.before} is more than the input's side, {one.side}."
            yield Fault(("padding",), "padding_too_large", message, part.padding)
        elif one.window > one.padded:
            yield Fault((name,), "kernel_larger_than_input", too_large(one, part), size)
        elif not (one.is_whole or one.is_same):
            message = f"{one.equation()} is not whole; padding `same` would round up."
            yield Fault((name,), "output_not_whole", message, size)
        else:
            continue
        return


def too_large(one: Slide, part: Convolution | WindowPool) -> str:
    spans = f"A window of {one.window}"
    if isinstance(part, Convolution) and part.dilation > 1:
        spans += f" ({part.dilation}·({part.kernel} {MINUS} 1) + 1)"
    padded = f"{one.side} + 2·{one.before} = {one.padded}"
    return f"{spans} does not fit into the padded input, {padded}."


def indivisible(part: Convolution, channels: int) -> Iterator[Fault]:
    for name, count in (
        ("input channels", channels),
        ("filters", number(part.filters)),
    ):
        if count % part.groups:
            quotient = f"{count}/{part.groups} = {count / part.groups:.4g}"
            message = f"The {name} do not divide into groups: {quotient}."
            yield Fault(("groups",), "groups_do_not_divide", message, part.groups)
