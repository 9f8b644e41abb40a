"""Pictures to the entries of an answer: read, classified in one batch, put together."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from app.api.errors import refusal
from app.api.files import Upload
from app.api.prediction_schemas import (
    BoxPublic,
    DigitPublic,
    DigitsPublic,
    Entry,
    Explanation,
    PredictionPublic,
    RefusedPublic,
)
from app.errors import ImageRefused, ImagesRefused
from app.spec import ImageShape
from app.vision.decoding import decode_image
from app.vision.doubt import doubt
from app.vision.pixels import Pixels
from app.vision.prediction import Prediction
from app.vision.reading import Mode, Reading, read_picture
from app.vision.segmentation import FoundDigit, find_digits
from app.vision.strokes import Box

Seen = Reading | list[FoundDigit]


@dataclass(frozen=True)
class Way:
    """How pictures become the shape that a network takes; without a mode, digits."""

    mode: Mode | None
    shape: ImageShape
    max_pixels: int


def see(uploads: Sequence[Upload], how: Way) -> list[Seen | ImageRefused]:
    """Decode and read each upload; a bad one costs the others nothing.

    Each is read before the next is decoded, so that one picture at a time is large.

    Raises:
        ImagesRefused: None of them could be decoded.
    """
    found: list[Seen | ImageRefused] = []
    for upload in uploads:
        try:
            found.append(look(decode_image(upload.data, how.max_pixels), how))
        except ImageRefused as error:
            found.append(error)
    refused = {
        place: (uploads[place].name, error)
        for place, error in enumerate(found)
        if isinstance(error, ImageRefused)
    }
    if len(refused) == len(uploads):
        raise ImagesRefused(refused)
    return found


def look(image: Image.Image, how: Way) -> Seen:
    if how.mode is None:
        return find_digits(image)
    return read_picture(image, how.mode, how.shape)


def views_of(found: Sequence[Seen | ImageRefused]) -> list[Pixels]:
    """Return everything that a network is to see."""
    return [pixels for seen in found for pixels in pixels_of(seen)]


def entries(
    uploads: Sequence[Upload],
    found: Sequence[Seen | ImageRefused],
    predictions: Iterator[Prediction],
    maps: Iterator[Pixels] | None,
) -> Iterator[Entry]:
    """Yield an entry for each file, from the predictions of all that was seen.

    With maps, one for each prediction, they are explained.
    """
    for place, (upload, seen) in enumerate(zip(uploads, found, strict=True)):
        name = upload.name
        if isinstance(seen, ImageRefused):
            yield RefusedPublic(file=name, error=refusal(place, name, seen))
        elif isinstance(seen, Reading):
            yield one_digit(name, seen, next(predictions), maps)
        else:
            pairs = [(digit, next(predictions)) for digit in seen]
            yield several_digits(name, pairs, maps)


def pixels_of(seen: Seen | ImageRefused) -> list[Pixels]:
    if isinstance(seen, ImageRefused):
        return []
    if isinstance(seen, Reading):
        return [seen.pixels]
    return [digit.reading.pixels for digit in seen]


def one_digit(
    name: str,
    reading: Reading,
    prediction: Prediction,
    maps: Iterator[Pixels] | None,
) -> PredictionPublic:
    reason = doubt(reading, prediction)
    return PredictionPublic(
        file=name,
        label=prediction.label,
        confidence=prediction.confidence,
        probabilities=prediction.probabilities,
        known=reason is None,
        reason=reason,
        score=prediction.score,
        threshold=prediction.threshold,
        explanation=explanation(reading, next(maps)) if maps else None,
    )


def several_digits(
    name: str,
    pairs: list[tuple[FoundDigit, Prediction]],
    maps: Iterator[Pixels] | None,
) -> DigitsPublic:
    digits = [one_of_several(*pair, maps) for pair in pairs]
    lines = sorted({digit.line for digit in digits})
    text = "\n".join(
        "".join(digit.label for digit in digits if digit.line == line) for line in lines
    )
    return DigitsPublic(file=name, text=text, digits=digits)


def one_of_several(
    found: FoundDigit, prediction: Prediction, maps: Iterator[Pixels] | None
) -> DigitPublic:
    reason = doubt(found.reading, prediction)
    return DigitPublic(
        box=public_box(found.box),
        line=found.line,
        label=prediction.label,
        confidence=prediction.confidence,
        probabilities=prediction.probabilities,
        known=reason is None,
        reason=reason,
        score=prediction.score,
        threshold=prediction.threshold,
        explanation=explanation(found.reading, next(maps)) if maps else None,
    )


def explanation(reading: Reading, saliency: Pixels) -> Explanation:
    return Explanation(
        png=png_of(reading.pixels),
        saliency=png_of(saliency),
        polarity=reading.polarity,
        box=None if reading.box is None else public_box(reading.box),
        ink_fraction=reading.ink_fraction,
    )


def png_of(pixels: Pixels) -> str:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def public_box(box: Box) -> BoxPublic:
    return BoxPublic(left=box.left, top=box.top, width=box.width, height=box.height)
