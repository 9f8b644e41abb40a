"""From the files of an upload to a checkpoint that can answer, or why it cannot."""

from dataclasses import dataclass

import numpy as np
import safetensors.numpy

from app.architecture import Fault, refusal
from app.errors import UploadRefused
from app.imports.card import read_imported_card
from app.imports.files import Files
from app.imports.tensors import (
    Tensors,
    card_of,
    faults_of_header,
    faults_of_values,
    load_tensors,
    read_whole_header,
)
from app.spec import array_shape
from app.vision.card import CheckpointCard, digest_weights
from app.vision.prepared import prepare_checkpoint
from app.vision.reading import Mode

PROBE_SEED = 7
NO_CARD = (
    "The weights do not say what they mean; send a .json beside them, with "
    "`architecture` and `class_names`."
)
NOT_DIGITS = "Pictures are read so for networks that take 28x28 in grey."


@dataclass(frozen=True)
class ImportedCheckpoint:
    """Weights with their card in the header, as a job would have left them."""

    weights: bytes
    card: CheckpointCard
    usual_mode: Mode

    @property
    def weights_sha256(self) -> str:
        return digest_weights(self.weights)


def check_upload(files: Files, mode: Mode | None = None) -> ImportedCheckpoint:
    """Make a checkpoint of files from elsewhere; `mode` is stronger than their card.

    Raises:
        UploadRefused: They cannot be read.
        ValidationError: Card and tensors do not go together, or with this service.
    """
    header = read_whole_header(files.weights)
    own = card_of(header)
    if files.card is None and own is None:
        raise UploadRefused(NO_CARD)
    card = read_imported_card(files.card or own or b"")
    demand(faults_of_header(header, card.architecture, card.input_shape))
    usual_mode = mode or card.usual_mode
    if not usual_mode.can_read(card.input_shape):
        demand([Fault(("preprocess",), "wrong_input_shape", NOT_DIGITS)])
    tensors = load_tensors(files.weights)
    demand(faults_of_values(tensors))
    stored = card.for_header()
    weights = with_card(files.weights, tensors, stored, own)
    demand_answers(weights)
    return ImportedCheckpoint(weights, stored, usual_mode)


def demand(faults: list[Fault]) -> None:
    if faults:
        raise refusal(faults)


def with_card(
    data: bytes, tensors: Tensors, card: CheckpointCard, own: bytes | None
) -> bytes:
    """Return the file itself if it carries this card, or else one that does."""
    header = card.model_dump_json()
    if own == header.encode():
        return data
    metadata = {"format": "pt", "modelmill": header}
    written: bytes = safetensors.numpy.save(dict(tensors), metadata=metadata)
    return written


def demand_answers(weights: bytes) -> None:
    """Ask it about black, white and noise: finite weights may still overflow."""
    prepared = prepare_checkpoint(weights)
    shape = array_shape(prepared.card.input_shape)
    noise = np.random.default_rng(PROBE_SEED).integers(0, 256, shape, np.uint8)
    probes = [np.zeros_like(noise), np.full_like(noise, 255), noise]
    with np.errstate(all="ignore"):
        answers = prepared.answers(probes)
    numbers = [number for one in answers for number in one.probabilities.values()]
    scores = [one.score for one in answers if one.score is not None]
    if not np.isfinite([*numbers, *scores]).all():
        message = "The network answers with NaN: its numbers are too large."
        demand([Fault(("file",), "not_finite", message)])
