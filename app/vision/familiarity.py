"""How like the training images a picture is: a number from the logits alone.

Stored with a checkpoint; `worker.familiarity` fits it, `app.vision.graph` draws it.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

Row = tuple[FiniteFloat, ...]


class Familiarity(BaseModel):
    """Weights of what tells validation images from outliers, and where to say no.

    The score is the sum of the weights times: the logits, highest first; the distance
    to the nearest class; the highest probability. Distances are between logits times
    `whitening`, each square times a class's `precision`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    score: Literal["logit_geometry"] = "logit_geometry"
    # Of validation images, the share that scores at least the threshold.
    kept: float = Field(gt=0, le=1)
    threshold: FiniteFloat
    whitening: tuple[Row, ...]  # (K, K)
    means: tuple[Row, ...]  # (K, K): of each class, whitened
    precision: tuple[Row, ...]  # (K, K): of each class
    weights: Row  # (K + 2,)
    bias: FiniteFloat
