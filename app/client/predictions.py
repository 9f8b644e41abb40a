"""What the service makes of pictures, typed."""

from typing import Annotated, Literal

from pydantic import Field

from app.client.answers import Answer, Checkpoint


class Explanation(Answer):
    """What the network saw: a PNG file in base64, and how it was found."""

    png: str
    polarity: str | None
    ink_fraction: float


class Digit(Answer):
    """One of several digits in a picture."""

    label: str
    confidence: float
    probabilities: dict[str, float]
    line: int
    explanation: Explanation | None = None


class Prediction(Answer):
    """What a picture shows; `known` is false if it seems not to be one digit."""

    object: Literal["prediction"]
    file: str
    label: str
    confidence: float
    probabilities: dict[str, float]
    known: bool
    reason: str | None = None
    explanation: Explanation | None = None


class Digits(Answer):
    """The digits that a picture shows, with `segment=True`."""

    object: Literal["digits"]
    file: str
    text: str
    digits: list[Digit]


class FileError(Answer):
    """Why a file could not be read."""

    code: str
    message: str


class RefusedPicture(Answer):
    """A file that could not be read among others that could."""

    object: Literal["refused"]
    file: str
    error: FileError


Entry = Annotated[Prediction | Digits | RefusedPicture, Field(discriminator="object")]


class Predictions(Answer):
    """An entry for each picture, in their order, and the checkpoint that made them."""

    data: list[Entry]
    checkpoint: Checkpoint
