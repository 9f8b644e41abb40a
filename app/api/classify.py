"""Pictures to the entries of an answer: read, classified in one batch, put together."""

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Annotated

from fastapi import Depends, Query
from PIL import Image

from app.api.errors import refusal
from app.api.prediction_schemas import (
    BoxPublic,
    DigitPublic,
    DigitsPublic,
    Entry,
    Explanation,
    PredictionPublic,
    RefusedPublic,
)
from app.errors import ImageRefused
from app.vision.pixels import Pixels
from app.vision.predictor import Prediction
from app.vision.reading import Mode, Reading, read_picture
from app.vision.segmentation import FoundDigit, find_digits
from app.vision.strokes import Box

Seen = Reading | list[FoundDigit]
Classify = Callable[[Sequence[Pixels]], list[Prediction]]


@dataclass(frozen=True)
class ReadingOptions:
    """What a request says about how its pictures are to be read."""

    preprocess: Annotated[
        Mode | None,
        Query(
            description="How a picture becomes 28x28: `auto` reads photos, `mnist` "
            "crops and centres clean pictures, `none` only resizes. Absent: `auto` "
            "for digits, `none` for a checkpoint of another dataset."
        ),
    ] = None
    segment: Annotated[
        bool, Query(description="Find several digits in each picture.")
    ] = False
    explain: Annotated[
        bool, Query(description="Add the pixels that the network saw, and whence.")
    ] = False


OptionsDep = Annotated[ReadingOptions, Depends()]


def look(image: Image.Image, options: ReadingOptions, mode: Mode) -> Seen:
    return find_digits(image) if options.segment else read_picture(image, mode)


def entries(
    names: Sequence[str],
    found: Sequence[Seen | ImageRefused],
    classify: Classify,
    *,
    explain: bool,
) -> Iterator[Entry]:
    """Classify everything that was seen at once; yield an entry for each file."""
    views = [pixels for seen in found for pixels in pixels_of(seen)]
    predictions = iter(classify(views) if views else [])
    for place, (name, seen) in enumerate(zip(names, found, strict=True)):
        if isinstance(seen, ImageRefused):
            yield RefusedPublic(file=name, error=refusal(place, name, seen))
        elif isinstance(seen, Reading):
            yield one_digit(name, seen, next(predictions), explain=explain)
        else:
            pairs = [(digit, next(predictions)) for digit in seen]
            yield several_digits(name, pairs, explain=explain)


def pixels_of(seen: Seen | ImageRefused) -> list[Pixels]:
    if isinstance(seen, ImageRefused):
        return []
    if isinstance(seen, Reading):
        return [seen.pixels]
    return [digit.reading.pixels for digit in seen]


def one_digit(
    name: str, reading: Reading, prediction: Prediction, *, explain: bool
) -> PredictionPublic:
    return PredictionPublic(
        file=name,
        label=prediction.label,
        confidence=prediction.confidence,
        probabilities=prediction.probabilities,
        known=reading.reason is None,
        reason=reading.reason,
        explanation=explanation(reading) if explain else None,
    )


def several_digits(
    name: str, pairs: list[tuple[FoundDigit, Prediction]], *, explain: bool
) -> DigitsPublic:
    digits = [
        DigitPublic(
            box=public_box(found.box),
            line=found.line,
            label=prediction.label,
            confidence=prediction.confidence,
            probabilities=prediction.probabilities,
            explanation=explanation(found.reading) if explain else None,
        )
        for found, prediction in pairs
    ]
    lines = sorted({digit.line for digit in digits})
    text = "\n".join(
        "".join(digit.label for digit in digits if digit.line == line) for line in lines
    )
    return DigitsPublic(file=name, text=text, digits=digits)


def explanation(reading: Reading) -> Explanation:
    file = BytesIO()
    Image.fromarray(reading.pixels).save(file, "PNG")
    return Explanation(
        png=base64.b64encode(file.getvalue()).decode(),
        polarity=reading.polarity,
        box=None if reading.box is None else public_box(reading.box),
        ink_fraction=reading.ink_fraction,
    )


def public_box(box: Box) -> BoxPublic:
    return BoxPublic(left=box.left, top=box.top, width=box.width, height=box.height)
