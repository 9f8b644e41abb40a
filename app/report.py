"""What a network can and cannot do: the evaluation report of a job, as stored."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

MOST_WORST_IMAGES = 25

Fraction = Annotated[float, Field(ge=0, le=1)]
# Stands for a share of nothing, which is no number.
Share = Annotated[float | None, Field(ge=0, le=1)]


class Part(BaseModel):
    """A report never changes, and holds no number that JSON cannot."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ClassScore(Part):
    """How well one class is told from the others."""

    name: str
    support: int = Field(description="Test images of this class.")
    precision: Share = Field(description="Null if the class was never predicted.")
    recall: Share = Field(description="Null if no test image is of this class.")
    f1: Share = Field(description="Null if it was neither shown nor predicted.")


class ReliabilityBin(Part):
    """The images whose confidence lies above `lower` and not above `upper`."""

    lower: Fraction
    upper: Fraction
    count: int
    confidence: Share = Field(description="Their mean; null if there are none.")
    accuracy: Share = Field(description="Of their labels; null if there are none.")


class Reliability(Part):
    """How far confidence can be taken at its word."""

    loss: FiniteFloat = Field(description="Mean cross-entropy per image, in nats.")
    calibration_error: Fraction = Field(
        description="Expected calibration error: the mean distance of confidence from "
        "accuracy over 15 bins, weighted by images."
    )
    bins: list[ReliabilityBin]


class Calibration(Part):
    """Reliability on the test images, without and with temperature scaling."""

    temperature: FiniteFloat = Field(
        gt=0,
        description="Divides the logits in `/predict`; fitted on the validation "
        "images, never on the test images.",
    )
    before: Reliability
    after: Reliability


class WorstImage(Part):
    """A test image that the network got most wrong; numbers as `/predict` gives."""

    index: int = Field(description="Place in the test set, from 0.")
    label: str = Field(description="What it shows.")
    predicted: str
    loss: FiniteFloat = Field(description="Cross-entropy, in nats.")
    probabilities: dict[str, Fraction]
    png: str = Field(
        description="The picture, base64.",
        json_schema_extra={
            "contentEncoding": "base64",
            "contentMediaType": "image/png",
        },
    )


class EvaluationReport(Part):
    """The best checkpoint on the test images, measured once."""

    epoch: int = Field(description="Of the checkpoint that was measured.")
    images: int = Field(description="Test images.")
    loss: FiniteFloat = Field(description="Mean cross-entropy per image, in nats.")
    accuracy: Fraction
    classes: list[ClassScore]
    confusion_matrix: list[list[int]] = Field(
        description="Images by true class (row) and predicted class (column)."
    )
    calibration: Calibration
    known_share: Share = Field(
        default=None,
        description="Of the test images, those that `/predict` would not call "
        "`unfamiliar`; null if the checkpoint has no measure of it.",
    )
    worst_images: list[WorstImage] = Field(
        description="Highest loss first.", max_length=MOST_WORST_IMAGES
    )

    @property
    def class_names(self) -> list[str]:
        return [score.name for score in self.classes]
