"""A network as an ONNX graph, node by node from the list of its layers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import (
    ModelProto,
    NodeProto,
    TensorProto,
    ValueInfoProto,
    helper,
    numpy_helper,
)

from app.architecture import Architecture, Row, Shape, part_of, trace
from app.architecture.layers import BranchLayer, Layer, Residual
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
from app.architecture.sliding import Slide
from app.architecture.trace import projection_stride
from app.architecture.windows import slides_of

Weights = Mapping[str, NDArray[np.float32]]

OPSET = 21
IMAGES, LOGITS = "images", "logits"
ACTIVATIONS = {
    "relu": "Relu",
    "elu": "Elu",
    "gelu": "Gelu",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
}
POOLINGS = {"max": "MaxPool", "average": "AveragePool", "l2": "LpPool"}


@dataclass
class Drawing:
    """Nodes so far, and the weights that they name; place is where they end.

    `ends` has the place where each layer ended, by its name.
    """

    weights: Weights
    rows: Mapping[str, Row]
    nodes: list[NodeProto] = field(default_factory=list)
    used: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    place: str = IMAGES

    def add(self, kind: str, *inputs: str, **attributes: Any) -> None:
        """Go on with a node that takes the place reached, then inputs."""
        self.join(kind, self.place, *inputs, **attributes)

    def join(self, kind: str, *inputs: str, **attributes: Any) -> None:
        """Go on with a node that takes these inputs alone."""
        self.place = str(len(self.nodes))
        node = helper.make_node(kind, inputs, [self.place], **attributes)
        self.nodes.append(node)

    def named(self, layer: str, *names: str) -> list[str]:
        """Return the names of those weights that the layer has."""
        full = [f"{layer}.{name}" for name in names]
        there = [name for name in full if name in self.weights]
        self.used |= {name: self.weights[name] for name in there}
        return there


def draw_graph(
    architecture: Architecture,
    input_shape: Shape,
    weights: Weights,
    shown: Sequence[str] = (),
) -> ModelProto:
    """Return the graph of float images (N, C, H, W) to logits (N, classes).

    What the layers named in shown put out comes after the logits, in their order.
    """
    way = trace(architecture.layers, input_shape)
    drawing = Drawing(weights, way.by_name)
    draw_layers(drawing, architecture.layers, "")
    drawing.add("Identity")
    drawing.nodes[-1].output[0] = LOGITS
    outputs = {LOGITS: way.shape} | {
        drawing.ends[name]: way.by_name[name].step.output for name in shown
    }
    graph = helper.make_graph(
        drawing.nodes,
        "network",
        [tensor(IMAGES, input_shape)],
        [tensor(name, shape) for name, shape in outputs.items()],
        [
            numpy_helper.from_array(values, name)
            for name, values in drawing.used.items()
        ],
    )
    return helper.make_model_gen_version(
        graph, opset_imports=[helper.make_opsetid("", OPSET)]
    )


def tensor(name: str, shape: Shape) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["images", *shape])


def draw_layers(
    drawing: Drawing, layers: Sequence[Layer | BranchLayer], above: str
) -> None:
    for place, layer in enumerate(layers):
        part, name = part_of(layer), f"{above}{place}"
        if isinstance(part, Residual):
            draw_block(drawing, part, name)
        else:
            DRAWERS[type(part)](drawing, part, name)
        drawing.ends[name] = drawing.place


def draw_block(drawing: Drawing, part: Residual, name: str) -> None:
    start = drawing.place
    draw_layers(drawing, part.layers, f"{name}.layers.")
    end = drawing.place
    around = start
    if part.shortcut == "projection":
        row = drawing.rows[name]
        stride = projection_stride(row.input, row.step.output)
        drawing.place = start
        inputs = drawing.named(f"{name}.shortcut", "weight")
        drawing.add("Conv", *inputs, strides=[stride, stride])
        around = drawing.place
        drawing.ends[f"{name}.shortcut"] = around
    drawing.join("Add", end, around)


def draw_convolution(drawing: Drawing, part: Convolution, name: str) -> None:
    drawing.add(
        "Conv",
        *drawing.named(name, "weight", "bias"),
        kernel_shape=[part.kernel] * 2,
        strides=[part.stride] * 2,
        dilations=[part.dilation] * 2,
        group=part.groups,
        pads=pads_of(slides_of(part, drawing.rows[name].input)),
    )


def pads_of(slides: Sequence[Slide]) -> list[int]:
    """Return the borders as ONNX lists them: every start, then every end."""
    return [*(one.before for one in slides), *(one.after for one in slides)]


def draw_batch_norm(drawing: Drawing, part: BatchNorm, name: str) -> None:
    inputs = drawing.named(name, "weight", "bias", "running_mean", "running_var")
    drawing.add("BatchNormalization", *inputs, epsilon=part.epsilon)


def draw_activation(drawing: Drawing, part: Activation, _name: str) -> None:
    if part.kind == "silu":
        start = drawing.place
        drawing.add("Sigmoid")
        drawing.add("Mul", start)
    else:
        drawing.add(ACTIVATIONS[part.kind])


def draw_leaky(drawing: Drawing, part: LeakyActivation, _name: str) -> None:
    drawing.add("LeakyRelu", alpha=part.slope)


def draw_pool(drawing: Drawing, part: WindowPool, name: str) -> None:
    drawing.add(
        POOLINGS[part.kind],
        kernel_shape=[part.size] * 2,
        strides=[part.stride] * 2,
        pads=pads_of(slides_of(part, drawing.rows[name].input)),
    )


def draw_global_pool(drawing: Drawing, _part: GlobalPool, _name: str) -> None:
    drawing.add("GlobalAveragePool")


def draw_nothing(_drawing: Drawing, _part: Dropout, _name: str) -> None:
    """Dropout passes everything while predicting."""


def draw_flatten(drawing: Drawing, _part: Flatten, _name: str) -> None:
    drawing.add("Flatten")


def draw_linear(drawing: Drawing, _part: Linear, name: str) -> None:
    drawing.add("Gemm", *drawing.named(name, "weight", "bias"), transB=1)


DRAWERS: dict[type, Callable[[Drawing, Any, str], None]] = {
    Activation: draw_activation,
    BatchNorm: draw_batch_norm,
    Convolution: draw_convolution,
    Dropout: draw_nothing,
    Flatten: draw_flatten,
    GlobalPool: draw_global_pool,
    LeakyActivation: draw_leaky,
    Linear: draw_linear,
    WindowPool: draw_pool,
}
