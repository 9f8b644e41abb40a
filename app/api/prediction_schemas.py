"""The body of an answer to /predict: an entry for each file."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.problems import Violation
from app.api.schemas import AnsweringModel, CheckpointPublic, Public
from app.models import BulkError
from app.states import BulkStatus
from app.vision.gates import Reason
from app.vision.pixels import Polarity
from app.vision.reading import Mode


class BoxPublic(BaseModel):
    """Where something lies in the picture that was sent, in its pixels."""

    left: int
    top: int
    width: int
    height: int


class Explanation(BaseModel):
    """What the network saw, and how it was found."""

    png: str = Field(
        description="The 28x28 pixels that the network saw: a PNG file in base64.",
        json_schema_extra={"contentMediaType": "image/png"},
    )
    saliency: str = Field(
        description="Where the label comes from: 28x28 as a PNG file in base64. The "
        "brighter a pixel, the more of the label's log-probability is lost if its "
        "neighbourhood is hidden; 255 is the most of this picture, black changes "
        "nothing or speaks for another label.",
        json_schema_extra={"contentMediaType": "image/png"},
    )
    polarity: Polarity | None = Field(
        description="Whether the ink is darker than its paper; null: nobody looked."
    )
    box: BoxPublic | None = Field(description="Where the ink was found.")
    ink_fraction: float = Field(description="Share of the 28x28 covered with ink.")


class Classified(BaseModel):
    """What a network makes of 28x28 pixels."""

    label: str
    confidence: float = Field(description="The probability of the label.")
    probabilities: dict[str, float]
    known: bool = Field(
        description="False if the picture seems not to show one digit; the "
        "probabilities then say little."
    )
    reason: Reason | None = Field(default=None, description="Why it is not known.")
    score: float | None = Field(
        default=None,
        description="How like the training images it is: the logarithm of the odds "
        "against an outlier; null if the checkpoint has no measure of it.",
    )
    threshold: float | None = Field(
        default=None,
        description="A lower score is `unfamiliar`; 99.5 % of the validation images "
        "reach it.",
    )
    explanation: Explanation | None = Field(
        default=None, description="With `explain=true`."
    )


class PredictionPublic(Classified):
    """What one file shows."""

    object: Literal["prediction"] = "prediction"
    file: str = Field(description="The uploaded file's name.")


class DigitPublic(Classified):
    """One of several digits in a file."""

    box: BoxPublic
    line: int = Field(description="Lines count from 0, from top to bottom.")


class DigitsPublic(BaseModel):
    """The digits that one file shows, with `segment=true`."""

    object: Literal["digits"] = "digits"
    file: str = Field(description="The uploaded file's name.")
    text: str = Field(description="Their labels; lines end with a newline character.")
    digits: list[DigitPublic] = Field(
        description="Line by line, each from left to right."
    )


class RefusedPublic(BaseModel):
    """A file that could not be read among others that could."""

    object: Literal["refused"] = "refused"
    file: str = Field(description="The uploaded file's name.")
    error: Violation


# Told apart by `object`: to try one after the other takes as long as all the rest.
Entry = Annotated[
    PredictionPublic | DigitsPublic | RefusedPublic, Field(discriminator="object")
]


class PredictionList(BaseModel):
    """An entry for each file, in the order of upload, and who made them."""

    object: Literal["list"] = "list"
    data: list[Entry]
    checkpoint: CheckpointPublic
    model: AnsweringModel | None = Field(
        default=None, description="Whose version that is, if a model was named."
    )


class BulkPublic(Public):
    """A zip of pictures that is, or was, classified in the background."""

    object: Literal["bulk_prediction"] = "bulk_prediction"
    id: UUID
    status: BulkStatus
    is_terminal: bool = Field(description="Whether the status will never change.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    checkpoint: CheckpointPublic = Field(description="Who answers.")
    preprocess: Mode
    size_bytes: int = Field(description="Of the zip.")
    images: int = Field(description="Files in the zip.")
    images_done: int
    images_refused: int = Field(description="Of those done; their rows say why.")
    error: BulkError | None
