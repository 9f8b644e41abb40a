"""A checkpoint as a zip that needs no service: weights, what they mean, a script."""

import json
from collections.abc import Mapping
from enum import StrEnum
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import safetensors.numpy

from app.vision.card import CheckpointCard, read_card
from app.vision.graph import draw_graph

Metrics = Mapping[str, float | int | str | None]


class ExportFormat(StrEnum):
    """What the weights come as."""

    SAFETENSORS = "safetensors"
    ONNX = "onnx"


# Both take a picture in the form of the training images: grey, bright on black.
PREAMBLE = '''"""Say what a picture shows: python predict.py PICTURE.png ({needs})."""
import json, sys
from pathlib import Path
import numpy as np
from PIL import Image
'''
PIXELS = """here = Path(__file__).parent
card = json.loads((here / "card.json").read_text())
size = tuple(reversed(card["input_shape"][1:]))
pixels = np.asarray(Image.open(sys.argv[1]).convert("L").resize(size))
"""
SCRIPTS = {
    ExportFormat.ONNX: PREAMBLE.format(needs="needs numpy, onnxruntime and pillow")
    + "from onnxruntime import InferenceSession\n"
    + PIXELS
    + """images = (pixels * np.float32(card["preprocessing"]["scale"]))[None, None]
logits = InferenceSession(here / "model.onnx").run(None, {"images": images})[0][0]
print(card["class_names"][int(logits.argmax())])
""",
    ExportFormat.SAFETENSORS: PREAMBLE.format(needs="needs modelmill")
    + "from app.vision.prepared import prepare_checkpoint\n"
    + PIXELS
    + """network = prepare_checkpoint((here / "model.safetensors").read_bytes())
logits = network.logits([pixels])[0]
print(card["class_names"][int(logits.argmax())])
""",
}


def export_checkpoint(data: bytes, kind: ExportFormat, metrics: Metrics) -> bytes:
    """Return a zip, the same for the same checkpoint."""
    card = read_card(data)
    files = {
        f"model.{kind}": model_file(data, card, kind),
        "architecture.json": card.architecture.model_dump_json(indent=2).encode(),
        "card.json": card.model_dump_json(indent=2).encode(),
        "metrics.json": json.dumps(dict(metrics), indent=2).encode(),
        "predict.py": SCRIPTS[kind].encode(),
    }
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return packed.getvalue()


def model_file(data: bytes, card: CheckpointCard, kind: ExportFormat) -> bytes:
    if kind is ExportFormat.SAFETENSORS:
        return data
    weights = safetensors.numpy.load(data)
    graph = draw_graph(card.architecture, card.input_shape, weights)
    file: bytes = graph.SerializeToString()
    return file
