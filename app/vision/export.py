"""A checkpoint as a zip that needs no service: weights, what they mean, a script."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import safetensors.numpy

from app.leash import leashed
from app.vision.card import CheckpointCard, read_card
from app.vision.graph import draw_graph
from app.vision.reading import Mode

Metrics = Mapping[str, float | int | str | None]

PROGRAM = "app.vision.program"
PATIENCE_SECONDS = 600.0  # to import torch takes seconds, on a busy machine minutes


class ExportFormat(StrEnum):
    """What the weights come as."""

    SAFETENSORS = "safetensors"
    ONNX = "onnx"
    TORCH_EXPORT = "torch_export"

    @property
    def suffix(self) -> str:
        return "pt2" if self is ExportFormat.TORCH_EXPORT else self.value


# All take a picture in the form of the training images; digits are bright on black.
PREAMBLE = '''"""Say what a picture shows: python predict.py PICTURE.png ({needs})."""
import json, sys
from pathlib import Path
import numpy as np
from PIL import Image
'''
PIXELS = """here = Path(__file__).parent
card = json.loads((here / "card.json").read_text())
size = tuple(reversed(card["input_shape"][1:]))
mode = "L" if card["input_shape"][0] == 1 else "RGB"
pixels = np.asarray(Image.open(sys.argv[1]).convert(mode).resize(size))
"""
NUMBERS = """numbers = np.atleast_3d(pixels).transpose(2, 0, 1)[np.newaxis]
images = numbers * np.float32(card["preprocessing"]["scale"])
"""
SCRIPTS = {
    ExportFormat.ONNX: PREAMBLE.format(needs="needs numpy, onnxruntime and pillow")
    + "from onnxruntime import InferenceSession\n"
    + PIXELS
    + NUMBERS
    + """session = InferenceSession(here / "model.onnx")
logits = session.run(None, {"images": images})[0][0]
print(card["class_names"][int(logits.argmax())])
""",
    ExportFormat.SAFETENSORS: PREAMBLE.format(needs="needs modelmill")
    + "from app.vision.prepared import prepare_checkpoint\n"
    + PIXELS
    + """network = prepare_checkpoint((here / "model.safetensors").read_bytes())
logits = network.logits([pixels])[0]
print(card["class_names"][int(logits.argmax())])
""",
    ExportFormat.TORCH_EXPORT: PREAMBLE.format(needs="needs numpy, torch and pillow")
    + "import torch\n"
    + PIXELS
    + NUMBERS
    + """network = torch.export.load(here / "model.pt2").module()
logits = network(torch.from_numpy(images))[0]
print(card["class_names"][int(logits.argmax())])
""",
}


@dataclass(frozen=True)
class Export:
    """A checkpoint, how pictures are read for it, and what was measured."""

    weights: bytes
    usual_mode: Mode
    metrics: Metrics


def pack(export: Export, kind: ExportFormat) -> bytes:
    """Return a zip, the same for the same checkpoint."""
    card = read_card(export.weights)
    shown = card.model_dump(mode="json") | {"preprocess": export.usual_mode}
    files = {
        f"model.{kind.suffix}": model_file(export.weights, card, kind),
        "architecture.json": card.architecture.model_dump_json(indent=2).encode(),
        "card.json": json.dumps(shown, indent=2).encode(),
        "metrics.json": json.dumps(dict(export.metrics), indent=2).encode(),
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
    if kind is ExportFormat.TORCH_EXPORT:
        return program_file(data)
    weights = safetensors.numpy.load(data)
    graph = draw_graph(card.architecture, card.input_shape, weights)
    file: bytes = graph.SerializeToString()
    return file


def program_file(data: bytes) -> bytes:
    """Return what a process of its own makes of a checkpoint, with torch."""
    done = subprocess.run(
        leashed([sys.executable, "-m", PROGRAM]),
        input=data,
        stdout=subprocess.PIPE,
        check=True,
        timeout=PATIENCE_SECONDS,
    )
    return done.stdout
