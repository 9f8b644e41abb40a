"""Example answers of /predict: a digit, a blank, several digits, a bad file."""

from app.api.errors import refusal
from app.api.prediction_schemas import (
    BoxPublic,
    DigitPublic,
    DigitsPublic,
    Explanation,
    PredictionPublic,
    RefusedPublic,
)
from app.errors import CorruptImage
from app.vision.gates import Reason

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAABwAAAAcCAAAAABXZoBIAAAAlUlEQVR42mNgGFngPxI4CBNkhEki"
    "KfzBCWWwQOlimAxbE+s8nObH/P+viVPy5P9tOOVs/v73xym56P9VZlxyCj/+l+LUWPP/HT8uOe4X"
    "/2fj1Bj2/78KTsmz/3fglLP8998bp+Ty/zdYccnJfvtfgFNj4/93grjkuJ79n45TY9T/n2q45JjP"
    "/9+LLgRnMT7i77uLKgkAfj062HGnAowAAAAASUVORK5CYII="
)
BOX = BoxPublic(left=212, top=148, width=96, height=160)


def sure_of(label: str) -> dict[str, float]:
    return {str(digit): 0.001 for digit in range(10)} | {label: 0.991}


SEVEN = PredictionPublic(
    file="seven.png",
    label="7",
    confidence=0.991,
    probabilities=sure_of("7"),
    known=True,
    score=6.8,
    threshold=1.9,
)
EXPLAINED = SEVEN.model_copy(
    update={
        "explanation": Explanation(
            png=PNG, saliency=PNG, polarity="dark_on_light", box=BOX, ink_fraction=0.12
        )
    }
)
BLANK = PredictionPublic(
    file="blank.jpg",
    label="1",
    confidence=0.19,
    probabilities={str(digit): 0.09 for digit in range(10)} | {"1": 0.19},
    known=False,
    reason=Reason.NO_INK,
    score=-9.4,
    threshold=1.9,
)
TORN = RefusedPublic(file="torn.png", error=refusal(1, "torn.png", CorruptImage()))
TWO_LINES = DigitsPublic(
    file="sum.jpg",
    text="7\n3",
    digits=[
        DigitPublic(
            box=BOX.model_copy(update={"top": top}),
            line=line,
            label=label,
            confidence=0.991,
            probabilities=sure_of(label),
            known=True,
            score=6.8,
            threshold=1.9,
        )
        for line, (label, top) in enumerate((("7", 40), ("3", 260)))
    ],
)
