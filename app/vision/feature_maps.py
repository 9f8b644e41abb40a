"""What a network is made of and makes of a picture: its filters and feature maps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import safetensors.numpy
from onnxruntime import InferenceSession

from app.architecture import trace
from app.errors import LayerNotFound
from app.vision.card import CheckpointCard, read_card
from app.vision.graph import IMAGES, draw_graph
from app.vision.pixels import Pixels
from app.vision.prepared import options
from app.vision.preprocessing import Numbers, scale_pixels
from app.vision.tiles import Sheet, sheet_of

CONVOLUTION = "conv"
PASSED_ON = {"dropout", "flatten"}  # they put out the very numbers that they get
MOST_FILTERS = 64
MAPS = 4  # axes of a batch of feature maps


@dataclass(frozen=True)
class LayerMaps:
    """What one layer puts out for one picture."""

    name: str
    kind: str
    shape: tuple[int, ...]
    sheet: Sheet


def filter_sheet(data: bytes, layer: str | None) -> Sheet:
    """Draw the filters of a convolution, by default of the first one.

    Filters over one channel lie side by side; others lie one in a row, a tile for
    each channel, 64 by 64 at most.

    Raises:
        LayerNotFound: There is no such convolution.
    """
    names = convolutions(read_card(data))
    name = layer or next(iter(names), "")
    if name not in names:
        known = ", ".join(names) or "none"
        raise LayerNotFound(f"The network's convolutions are: {known}.")
    filters: Numbers = safetensors.numpy.load(data)[f"{name}.weight"]
    return sheet_of_filters(filters)


def convolutions(card: CheckpointCard) -> list[str]:
    way = trace(card.architecture.layers, card.input_shape)
    return [row.name for row in way.rows if row.kind == CONVOLUTION]


def sheet_of_filters(filters: Numbers) -> Sheet:
    """Draw filters (filters, channels, height, width)."""
    shown = filters[:MOST_FILTERS, :MOST_FILTERS]
    channels = shown.shape[1]
    tiles = shown.reshape(-1, *shown.shape[2:])
    return sheet_of(tiles, columns=None if channels == 1 else channels)


def feature_maps(data: bytes, pixels: Pixels) -> Iterator[LayerMaps]:
    """Yield what each layer that changes something makes of a picture."""
    card = read_card(data)
    way = trace(card.architecture.layers, card.input_shape)
    rows = [row for row in way.rows if row.kind not in PASSED_ON]
    graph = draw_graph(
        card.architecture,
        card.input_shape,
        safetensors.numpy.load(data),
        [row.name for row in rows],
    )
    session = InferenceSession(
        graph.SerializeToString(), options(), providers=["CPUExecutionProvider"]
    )
    numbers = scale_pixels([pixels], card.preprocessing)
    _logits, *outputs = session.run(None, {IMAGES: numbers})
    for row, output in zip(rows, outputs, strict=True):
        yield LayerMaps(row.name, row.kind, row.step.output, sheet_of(maps_of(output)))


def maps_of(output: Numbers) -> Numbers:
    """Return the maps (channels, height, width) of an output for one picture."""
    if output.ndim == MAPS:
        maps: Numbers = output[0]
        return maps
    features: Numbers = output.reshape(-1, 1, 1)
    return np.ascontiguousarray(features)
