"""A checkpoint in the form that answers fastest on a CPU."""

from collections.abc import Sequence
from dataclasses import dataclass

import safetensors.numpy
from onnxruntime import InferenceSession, SessionOptions

from app.vision.card import CheckpointCard, read_card
from app.vision.graph import IMAGES, LOGITS, draw_graph
from app.vision.pixels import Pixels
from app.vision.prediction import Prediction, predictions
from app.vision.preprocessing import Numbers, scale_pixels
from app.vision.scoring import ROWS, add_score


@dataclass(frozen=True)
class PreparedCheckpoint:
    """A network that waits for pixels; it may run in several threads at once."""

    card: CheckpointCard
    session: InferenceSession
    size_bytes: int

    def logits(self, images: Sequence[Pixels]) -> Numbers:
        """Return logits (N, classes) for N images of the card's shape."""
        return self._run(LOGITS, images)

    def rows(self, images: Sequence[Pixels]) -> Numbers:
        """Return logits, and beside them the score if the card says how to score."""
        return self._run(LOGITS if self.card.familiarity is None else ROWS, images)

    def answers(self, images: Sequence[Pixels]) -> list[Prediction]:
        return predictions(self.card, self.rows(images))

    def _run(self, output: str, images: Sequence[Pixels]) -> Numbers:
        numbers = scale_pixels(images, self.card.preprocessing)
        [rows] = self.session.run([output], {IMAGES: numbers})
        found: Numbers = rows
        return found


def prepare_checkpoint(data: bytes) -> PreparedCheckpoint:
    """Build the network from bytes that encode_checkpoint wrote; runs no code."""
    card = read_card(data)
    weights = safetensors.numpy.load(data)
    graph = draw_graph(card.architecture, card.input_shape, weights)
    if card.familiarity is not None:
        add_score(graph, card.familiarity)
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
