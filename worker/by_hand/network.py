"""Back-propagation through a list of layers: forward, loss, and back the same way."""

from collections.abc import Mapping, Sequence

from worker.by_hand.formulas import Labels, cross_entropy, logits_gradient
from worker.by_hand.layers import Layer
from worker.by_hand.window import Array


def loss_and_gradients(
    layers: Sequence[Layer],
    weights: Mapping[str, Array],
    images: Array,
    labels: Labels,
) -> tuple[float, Array, dict[str, Array]]:
    """Return the mean loss, the logits (N, 10), and the gradient of every weight.

    Weights are named by their layer's place in the list: `0.weight`, `9.bias`.
    """
    inputs = [images]  # of each layer, then the logits
    for place, layer in enumerate(layers):
        inputs.append(layer.forward(inputs[-1], own(weights, place)))
    logits = inputs.pop()
    gradient = logits_gradient(logits, labels)
    gradients: dict[str, Array] = {}
    for place, layer in reversed(list(enumerate(layers))):
        gradient, found = layer.backward(inputs[place], own(weights, place), gradient)
        gradients |= {f"{place}.{name}": array for name, array in found.items()}
    return cross_entropy(logits, labels), logits, gradients


def own(weights: Mapping[str, Array], place: int) -> dict[str, Array]:
    """Return one layer's weights by the names that it gives them."""
    prefix = f"{place}."
    return {
        name.removeprefix(prefix): array
        for name, array in weights.items()
        if name.startswith(prefix)
    }
