"""From pixels to labels with any checkpoint, a few of which stay in memory."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

import numpy as np
import torch
from torch import Tensor

from app.vision.checkpoint import LoadedCheckpoint, decode_checkpoint
from app.vision.preprocessing import Pixels, normalize


@dataclass(frozen=True)
class Prediction:
    """The likeliest class, and how sure the network is of each."""

    label: str
    confidence: float
    probabilities: dict[str, float]


class Predictor:
    """Keeps the networks that were used last; safe to call from several threads."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._loaded: OrderedDict[UUID, LoadedCheckpoint] = OrderedDict()
        self._lock = Lock()

    def predict(
        self,
        checkpoint_id: UUID,
        read_weights: Callable[[UUID], bytes],
        images: Sequence[Pixels],
    ) -> list[Prediction]:
        """Classify images (28, 28); read_weights is asked on first use only."""
        loaded = self._load(checkpoint_id, read_weights)
        pixels = torch.from_numpy(np.stack(images))
        probabilities = classify(loaded, pixels)
        names = loaded.card.class_names
        return [prediction(names, row) for row in probabilities.tolist()]

    def _load(
        self, checkpoint_id: UUID, read_weights: Callable[[UUID], bytes]
    ) -> LoadedCheckpoint:
        with self._lock:
            if checkpoint_id not in self._loaded:
                weights = read_weights(checkpoint_id)
                self._loaded[checkpoint_id] = decode_checkpoint(weights)
            self._loaded.move_to_end(checkpoint_id)
            while len(self._loaded) > self._capacity:
                self._loaded.popitem(last=False)
            return self._loaded[checkpoint_id]


@torch.inference_mode()
def classify(loaded: LoadedCheckpoint, pixels: Tensor) -> Tensor:
    """Return probabilities (N, classes) for uint8 pixels (N, 28, 28)."""
    logits: Tensor = loaded.network(normalize(pixels, loaded.card.preprocessing))
    return (logits / loaded.card.temperature).softmax(dim=1)


def prediction(names: Sequence[str], row: list[float]) -> Prediction:
    probabilities = dict(zip(names, row, strict=True))
    label = max(probabilities, key=lambda name: probabilities[name])
    return Prediction(label, probabilities[label], probabilities)
