"""What a network's numbers say: the likeliest class, and how sure it is of each."""

from dataclasses import dataclass
from itertools import repeat

import numpy as np

from app.vision.card import CheckpointCard
from app.vision.preprocessing import Numbers


@dataclass(frozen=True)
class Prediction:
    """The likeliest class, and how sure the network is of each."""

    label: str
    confidence: float
    probabilities: dict[str, float]
    # How like the training images, and the least that is; None: nobody measured.
    score: float | None = None
    threshold: float | None = None

    @property
    def is_familiar(self) -> bool:
        return (
            self.score is None or self.threshold is None or self.score >= self.threshold
        )


def predictions(card: CheckpointCard, rows: Numbers) -> list[Prediction]:
    """Return what rows of `PreparedCheckpoint.rows` say, as sure as was measured."""
    names = card.class_names
    tempered = rows[:, : len(names)].astype(np.float64) / card.temperature
    odds = np.exp(tempered - tempered.max(axis=1, keepdims=True))
    probabilities = odds / odds.sum(axis=1, keepdims=True)
    places = probabilities.argmax(axis=1).tolist()
    familiarity = card.familiarity
    scores = repeat(None) if familiarity is None else rows[:, len(names)].tolist()
    threshold = None if familiarity is None else familiarity.threshold
    return [
        Prediction(
            names[place],
            row[place],
            dict(zip(names, row, strict=True)),
            score,
            threshold,
        )
        for row, place, score in zip(
            probabilities.tolist(), places, scores, strict=False
        )
    ]
