"""Images gathered one by one, and nobody who waits for a pulse."""

from collections.abc import Callable

import numpy as np
import pytest

from app.intake.gathered import Gathered
from app.intake.shape import Wish
from app.vision.pixels import Pixels
from app.vision.reading import Mode

MEBIBYTE = 2**20
WISH = Wish(Mode.PLAIN, (28, 28), "grey", 96)


@pytest.fixture
def gathered() -> Gathered:
    return Gathered(WISH, 100, MEBIBYTE, lambda: None)


Add = Callable[..., None]


@pytest.fixture
def add(gathered: Gathered) -> Add:
    """Give what adds an image of one level, under a name of its own."""

    def add(name: str, level: int, *, file: str = "", is_test: bool = False) -> None:
        number = len(gathered.labels)
        file = file or f"{name}/{number:03}.png"
        gathered.add_pixels(file, name, flat(level), is_test=is_test)

    return add


def flat(level: int) -> Pixels:
    return np.full((28, 28), level, np.uint8)
