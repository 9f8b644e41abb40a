"""From an architecture to the layers that do it by hand."""

from app.architecture import Architecture, part_of, refusal, refusals_by_hand
from app.architecture.contents import Part
from app.architecture.parts import (
    Activation,
    Convolution,
    Flatten,
    Linear,
    WindowPool,
)
from worker.by_hand import layers
from worker.by_hand.layers import Layer
from worker.by_hand.window import Window


def layers_of(architecture: Architecture) -> list[Layer]:
    """Return the layers in order.

    Raises:
        ValidationError: Some cannot be done by hand.
    """
    faults = refusals_by_hand(architecture)
    if faults:
        raise refusal(faults)
    return [layer_of(part_of(layer)) for layer in architecture.layers]


def layer_of(part: Part) -> Layer:
    layer: Layer
    match part:
        case Convolution():
            layer = layers.Convolution(part.stride, part.padding)
        case Activation():
            layer = layers.ReLU()
        case WindowPool():
            layer = layers.MaxPool(Window(part.size, part.stride, part.padding))
        case Flatten():
            layer = layers.Flatten()
        case Linear():
            layer = layers.Linear()
        case _:  # dropout that drops nothing
            layer = layers.Identity()
    return layer
