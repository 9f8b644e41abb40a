"""The example of an evaluation report: a network that reads three shapes."""

from typing import Any

from app.api.openapi.answers import shown
from app.report import (
    Calibration,
    ClassScore,
    EvaluationReport,
    Reliability,
    ReliabilityBin,
    WorstImage,
)

Json = dict[str, Any]

# 28x28 black pixels.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAABwAAAAcCAAAAABXZoBIAAAAEElEQVR4nGNgGAWjYBQQAwADLAABPwpG"
    "8wAAAABJRU5ErkJggg=="
)


def example_bin(place: int, count: int, confidence: float) -> ReliabilityBin:
    return ReliabilityBin(
        lower=place / 15,
        upper=(place + 1) / 15,
        count=count,
        confidence=confidence,
        accuracy=0.8,
    )


REPORT = EvaluationReport(
    epoch=2,
    images=10,
    loss=0.61,
    accuracy=0.8,
    classes=[
        ClassScore(name="circle", support=5, precision=0.8, recall=0.8, f1=0.8),
        ClassScore(name="square", support=5, precision=0.8, recall=0.8, f1=0.8),
        ClassScore(name="star", support=0, precision=None, recall=None, f1=None),
    ],
    confusion_matrix=[[4, 1, 0], [1, 4, 0], [0, 0, 0]],
    calibration=Calibration(
        temperature=1.7,
        before=Reliability(
            loss=0.61, calibration_error=0.16, bins=[example_bin(14, 10, 0.96)]
        ),
        after=Reliability(
            loss=0.52, calibration_error=0.02, bins=[example_bin(12, 10, 0.82)]
        ),
    ),
    worst_images=[
        WorstImage(
            index=3,
            label="circle",
            predicted="square",
            loss=1.97,
            probabilities={"circle": 0.14, "square": 0.82, "star": 0.04},
            png=PNG,
        )
    ],
)
REPORTED = shown("The report of the best checkpoint.", three_shapes=REPORT)
FIGURE: Json = {
    "description": "The picture.",
    "content": {
        "image/svg+xml": {"schema": {"type": "string"}},
        "image/png": {"schema": {"type": "string", "format": "binary"}},
    },
}
