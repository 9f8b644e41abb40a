"""What a network saw, drawn with the characters of a terminal."""

import base64
from collections.abc import Iterator
from io import BytesIO

from PIL import Image
from rich.text import Text

from app.client import Digits, Prediction, Predictions
from app.client.predictions import Explanation

HALF_BLOCK = "▀"


def explanations(answer: Predictions) -> Iterator[Text]:
    """Yield a drawing for each picture or digit that the service explained."""
    for found in answer.data:
        for label, explanation in explained(found):
            head = Text(f"{found.file}: {label}, {words(explanation)}\n")
            yield head + draw(base64.b64decode(explanation.png))


def explained(found: object) -> Iterator[tuple[str, Explanation]]:
    if isinstance(found, Prediction) and found.explanation:
        yield found.label, found.explanation
    if isinstance(found, Digits):
        for digit in found.digits:
            if digit.explanation:
                yield digit.label, digit.explanation


def words(explanation: Explanation) -> str:
    polarity = explanation.polarity or "untouched"
    return f"{polarity}, ink on {explanation.ink_fraction:.0%}"


def draw(png: bytes) -> Text:
    """Draw two rows of pixels in each line of the terminal."""
    image = Image.open(BytesIO(png)).convert("L")
    text = Text()
    for top in range(0, image.height, 2):
        for column in range(image.width):
            upper, lower = (grey(image, column, top + row) for row in (0, 1))
            text.append(HALF_BLOCK, f"{upper} on {lower}")
        text.append("\n")
    return text


def grey(image: Image.Image, column: int, row: int) -> str:
    value = image.getpixel((column, row)) if row < image.height else 0
    return f"rgb({value},{value},{value})"
