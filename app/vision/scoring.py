"""The score of a picture's familiarity as nodes behind a network's graph."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

from app.vision.familiarity import Familiarity

ROWS = "rows"

# node, its inputs, its output; what is named with a capital is a constant.
NODES: tuple[tuple[str, list[str], list[str], dict[str, Any]], ...] = (
    ("TopK", ["logits", "Classes"], ["ordered", "order"], {}),
    ("MatMul", ["logits", "Whitening"], ["white"], {}),
    ("Unsqueeze", ["white", "Middle"], ["beside"], {}),
    ("Sub", ["beside", "Means"], ["apart"], {}),  # (N, K, K)
    ("Mul", ["apart", "apart"], ["squares"], {}),
    ("Mul", ["squares", "Precision"], ["weighed"], {}),
    ("ReduceSum", ["weighed", "Last"], ["sums"], {"keepdims": 0}),
    ("ReduceMin", ["sums", "Middle"], ["least"], {"keepdims": 1}),
    ("Sqrt", ["least"], ["distance"], {}),
    ("Softmax", ["logits"], ["odds"], {"axis": 1}),
    ("ReduceMax", ["odds", "Middle"], ["surest"], {"keepdims": 1}),
    ("Concat", ["ordered", "distance", "surest"], ["features"], {"axis": 1}),
    ("MatMul", ["features", "Weights"], ["unbiased"], {}),
    ("Add", ["unbiased", "Bias"], ["score"], {}),
    ("Concat", ["logits", "score"], [ROWS], {"axis": 1}),  # (N, K + 1)
)


def add_score(model: ModelProto, familiarity: Familiarity) -> None:
    """Let a graph that answers `logits` (N, K) also answer them and the score."""
    constants: dict[str, NDArray[Any]] = {
        "Classes": np.array([len(familiarity.means)], np.int64),
        "Middle": np.array([1], np.int64),
        "Last": np.array([2], np.int64),
        "Whitening": np.array(familiarity.whitening, np.float32),
        "Means": np.array(familiarity.means, np.float32),
        "Precision": np.array(familiarity.precision, np.float32),
        "Weights": np.array(familiarity.weights, np.float32)[:, np.newaxis],
        "Bias": np.array([familiarity.bias], np.float32),
    }
    graph = model.graph
    graph.initializer.extend(
        numpy_helper.from_array(values, name) for name, values in constants.items()
    )
    graph.node.extend(
        helper.make_node(kind, inputs, outputs, **attributes)
        for kind, inputs, outputs, attributes in NODES
    )
    shape: list[str | int] = ["images", len(familiarity.means) + 1]
    graph.output.append(helper.make_tensor_value_info(ROWS, TensorProto.FLOAT, shape))
