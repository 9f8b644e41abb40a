"""A checkpoint in the form that answers fastest on a CPU."""

from collections.abc import Sequence
from dataclasses import dataclass

import safetensors.numpy
from onnxruntime import InferenceSession, SessionOptions

from app.vision.card import CheckpointCard, read_card
from app.vision.graph import IMAGES, draw_graph
from app.vision.pixels import Pixels
from app.vision.preprocessing import Numbers, scale_pixels


@dataclass(frozen=True)
class PreparedCheckpoint:
    """A network that waits for pixels; it may run in several threads at once."""

    card: CheckpointCard
    session: InferenceSession
    size_bytes: int

    def logits(self, images: Sequence[Pixels]) -> Numbers:
        """Return logits (N, classes) for N images (28, 28)."""
        numbers = scale_pixels(images, self.card.preprocessing)
        [logits] = self.session.run(None, {IMAGES: numbers})
        rows: Numbers = logits
        return rows


def prepare_checkpoint(data: bytes) -> PreparedCheckpoint:
    """Build the network from bytes that encode_checkpoint wrote; runs no code."""
    card = read_card(data)
    weights = safetensors.numpy.load(data)
    graph = draw_graph(card.architecture, card.input_shape, weights)
    session = InferenceSession(
        graph.SerializeToString(), options(), providers=["CPUExecutionProvider"]
    )
    return PreparedCheckpoint(card, session, len(data))


def options() -> SessionOptions:
    """Return what leaves the cores to training: one thread, which sleeps in between."""
    chosen = SessionOptions()
    chosen.intra_op_num_threads = 1
    chosen.inter_op_num_threads = 1
    chosen.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Batches differ in size: an arena would keep memory for the largest of each.
    chosen.enable_cpu_mem_arena = False
    return chosen
