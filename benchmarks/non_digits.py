"""Pictures that show no digit, to ask whether that is known."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.fonts import TO_INSTALL, Absent, drawn_with, font_files
from benchmarks.photos import Conditions, opened, photo

# What no digit looks like: an O is a 0, an l is a 1, and so are I, S, Z, g, q, b.
LETTERS = "ACDEFGHJKLMNPRTUVWXYacdefhkmnprtuvwxy"
EVERY_NTH_FONT = 4
NOISE_SIDES = (28, 28, 100, 300)
CLOTHES = Path("/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz")
IDX_HEADER = 16


def non_digits(
    conditions: Conditions, seed: int, count: int
) -> dict[str, Callable[[], list[Image.Image]]]:
    rng = np.random.default_rng(seed + 1)
    return {
        "blank": lambda: [
            opened(photo(None, conditions, rng)) for _ in range(count // 2)
        ],
        "noise": lambda: noise(rng, count // 4),
        "letters": letters,
        "clothes": lambda: clothes(count),
    }


def noise(rng: np.random.Generator, count: int) -> list[Image.Image]:
    sides = [NOISE_SIDES[place % len(NOISE_SIDES)] for place in range(count)]
    return [
        Image.fromarray(rng.integers(0, 256, (side, side), np.uint8)) for side in sides
    ]


def letters() -> list[Image.Image]:
    files = [*font_files(handwritten=False), *font_files(handwritten=True)]
    drawn = [
        picture
        for path in files[::EVERY_NTH_FONT]
        for picture in drawn_with(path, LETTERS)
    ]
    if not drawn:
        raise Absent(TO_INSTALL)
    return drawn


def clothes(count: int) -> list[Image.Image]:
    if not CLOTHES.is_file():
        raise Absent("apt-get install dataset-fashion-mnist")
    levels = np.frombuffer(gzip.decompress(CLOTHES.read_bytes()), np.uint8)[IDX_HEADER:]
    return [Image.fromarray(image) for image in levels.reshape(-1, 28, 28)[:count]]
