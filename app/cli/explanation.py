"""What a network saw, drawn with the characters of a terminal."""

import base64
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from app.client import Digits, Prediction, Predictions
from app.client.predictions import Explanation

SHADES = "·░▒▓█"


def explanations(answer: Predictions) -> Iterator[str]:
    """Yield a drawing for each picture or digit that the service explained."""
    for found in answer.data:
        for label, explanation in explained(found):
            drawing = draw(base64.b64decode(explanation.png))
            yield f"{found.file}: {label}, {words(explanation)}\n{drawing}"


def explained(found: object) -> Iterator[tuple[str, Explanation]]:
    if isinstance(found, Prediction) and found.explanation:
        yield found.label, found.explanation
    if isinstance(found, Digits):
        for digit in found.digits:
            if digit.explanation:
                yield digit.label, digit.explanation


def words(explanation: Explanation) -> str:
    polarity = (explanation.polarity or "untouched").replace("_", " ")
    return f"{polarity}, ink on {explanation.ink_fraction:.0%}"


def draw(png: bytes) -> str:
    """Draw two rows of pixels in each line, since letters are twice as high as wide."""
    image = Image.open(BytesIO(png)).convert("L")
    small = image.resize((image.width, max(1, image.height // 2)), Image.Resampling.BOX)
    levels = small.tobytes()
    rows = (levels[i : i + small.width] for i in range(0, len(levels), small.width))
    return "\n".join("".join(map(shade, row)) for row in rows)


def shade(level: int) -> str:
    return SHADES[level * len(SHADES) // 256]
