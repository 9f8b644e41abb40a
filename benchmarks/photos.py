"""Photos of handwritten digits on pages, made from MNIST's images and a seed."""

from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.vision.pixels import Pixels
from benchmarks.light import Levels, lit, seen_by_a_camera

Colour = tuple[int, int, int]
Range = tuple[float, float]


@dataclass(frozen=True)
class Conditions:
    """What a photo may look like: colours to choose from, ranges to draw from."""

    papers: tuple[Colour, ...]
    inks: tuple[Colour, ...]
    boards: tuple[Colour, ...] = ((28, 52, 38), (38, 40, 44), (20, 28, 60))
    chalks: tuple[Colour, ...] = ((235, 235, 230), (240, 225, 140), (200, 220, 240))
    rule_colours: tuple[Colour, ...] = ((120, 150, 200), (150, 150, 155))
    board_share: float = 0.1
    ruled_share: float = 0.3
    squared_share: float = 0.3
    table_share: float = 0.25
    rule_strength: Range = (0.3, 0.9)
    digit_side: Range = (0.18, 0.6)
    opacity: Range = (0.65, 1.0)
    pen_threshold: Range = (0.3, 0.7)
    tilt: float = 0.1
    shadow_share: float = 0.6
    shadow_depth: Range = (0.2, 0.55)
    gradient: float = 0.3
    blur: Range = (0.0, 1.3)
    noise: Range = (1.0, 7.0)
    jpeg: tuple[int, ...] = (30, 50, 75, 90)


# Nobody tunes on REPORTED: its papers, inks and ranges are others, and harder.
DEVELOPMENT = Conditions(
    papers=((250, 250, 248), (244, 236, 214), (214, 210, 200), (250, 240, 150)),
    inks=((25, 25, 30), (30, 50, 140), (170, 40, 40), (80, 80, 85)),
)
REPORTED = Conditions(
    papers=(
        (255, 255, 255),
        (238, 228, 196),
        (196, 192, 184),
        (252, 244, 170),
        (204, 222, 240),
        (240, 208, 214),
        (190, 158, 116),
    ),
    inks=((15, 15, 20), (20, 40, 120), (190, 30, 40), (20, 100, 60), (95, 95, 100)),
    rule_colours=((110, 140, 200), (140, 140, 150), (200, 120, 130), (120, 170, 140)),
    board_share=0.12,
    ruled_share=0.35,
    squared_share=0.35,
    table_share=0.3,
    rule_strength=(0.35, 1.0),
    digit_side=(0.15, 0.65),
    tilt=0.12,
    shadow_share=0.75,
    shadow_depth=(0.25, 0.6),
    gradient=0.35,
    blur=(0.0, 1.5),
    noise=(1.0, 8.0),
    jpeg=(30, 30, 60, 85),
)


def photo(
    digit: Pixels | None, conditions: Conditions, rng: np.random.Generator
) -> bytes:
    """Return the JPEG of a page with this digit, or of an empty page."""
    height, width = frame_size(rng)
    is_board = rng.random() < conditions.board_share
    papers = conditions.boards if is_board else conditions.papers
    inks = conditions.chalks if is_board else conditions.inks
    page = np.ones((height, width, 3), np.float32) * pick(rng, papers)
    page *= texture(rng, height, width)[:, :, None]
    side = rng.uniform(*conditions.digit_side) * min(height, width)
    if not is_board:
        rule(page, side, conditions, rng)
    if digit is not None:
        strokes = written(digit, side, (height, width), conditions, rng)
        page += strokes[:, :, None] * (pick(rng, inks) - page)
    scene = lit(held(page, conditions, rng), conditions, rng)
    return seen_by_a_camera(scene, conditions, rng)


def frame_size(rng: np.random.Generator) -> tuple[int, int]:
    long_side = int(rng.integers(320, 720))
    short_side = int(long_side * rng.choice((0.5625, 0.75, 1.0)))
    sides = (long_side, short_side)
    return sides if rng.random() < 0.5 else sides[::-1]  # noqa: PLR2004  # a coin


def pick(rng: np.random.Generator, colours: tuple[Colour, ...]) -> NDArray[np.float32]:
    return np.asarray(colours[rng.integers(len(colours))], np.float32)


def texture(rng: np.random.Generator, height: int, width: int) -> Levels:
    """Return the fibres and stains of paper, as factors around 1."""
    fine = rng.normal(0, 0.012, (height, width)).astype(np.float32)
    coarse = rng.normal(0, 0.02, (9, 9)).astype(np.float32)
    stains = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(1 + cv2.GaussianBlur(fine, (0, 0), 0.8) + stains, np.float32)


def rule(
    page: Levels, side: float, conditions: Conditions, rng: np.random.Generator
) -> None:
    """Print lines or squares whose distance goes with the size of the writing."""
    kind = rng.random()
    squared = kind < conditions.squared_share
    if kind > conditions.squared_share + conditions.ruled_share:
        return
    height, width = page.shape[:2]
    step = max(side * (rng.uniform(0.35, 1.1) if squared else rng.uniform(0.7, 1.6)), 9)
    thickness = max(1, round(side * rng.uniform(0.008, 0.022)))
    lines = np.zeros((height, width), np.float32)
    for place in np.arange(rng.uniform(0, step), height, step):
        lines[round(place) : round(place) + thickness] = 1
    for place in np.arange(rng.uniform(0, step), width, step) if squared else ():
        lines[:, round(place) : round(place) + thickness] = 1
    lines *= rng.uniform(*conditions.rule_strength)
    page += lines[:, :, None] * (pick(rng, conditions.rule_colours) - page)


def written(
    digit: Pixels,
    side: float,
    frame: tuple[int, int],
    conditions: Conditions,
    rng: np.random.Generator,
) -> Levels:
    """Return how much ink covers each pixel of the page."""
    height, width = frame
    scale = side / 20  # MNIST's digits fill 20 of 28 pixels
    angle = rng.uniform(-8, 8)
    turned = cv2.getRotationMatrix2D((13.5, 13.5), angle, scale)
    for axis, length in enumerate((width, height)):
        margin = 0.55 * side + 0.07 * length
        turned[axis, 2] += rng.uniform(margin, length - margin) - 13.5
    levels = digit.astype(np.float32) / 255
    large = cv2.warpAffine(levels, turned, (width, height), flags=cv2.INTER_CUBIC)
    threshold = rng.uniform(*conditions.pen_threshold)
    strokes = np.clip((large - threshold) * 5 + 0.5, 0, 1)
    grain = 1 - 0.25 * rng.random((height, width), np.float32)
    cover = strokes * grain * rng.uniform(*conditions.opacity)
    return np.asarray(cover, np.float32)


def held(page: Levels, conditions: Conditions, rng: np.random.Generator) -> Levels:
    """Return the page as it lies before the camera, on a table if one shows."""
    height, width = page.shape[:2]
    shows_table = rng.random() < conditions.table_share
    inward = (0.02, conditions.tilt) if shows_table else (-0.6 * conditions.tilt, 0.0)
    unit = np.asarray([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    moves = rng.uniform(*inward, (4, 2)).astype(np.float32)
    corners = (unit + moves * (1 - 2 * unit)) * (width - 1, height - 1)
    source = unit * (width - 1, height - 1)
    matrix = cv2.getPerspectiveTransform(
        source.astype(np.float32), corners.astype(np.float32)
    )
    table = rng.uniform((30, 20, 15), (110, 85, 70))
    moved = cv2.warpPerspective(
        page, matrix, (width, height), borderValue=tuple(map(float, table))
    )
    return np.asarray(moved, np.float32)


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(BytesIO(jpeg))
