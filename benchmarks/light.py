"""What light and a camera do to a page: gradients, shadows, blur, noise, JPEG."""

from io import BytesIO
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Levels = NDArray[np.float32]
Range = tuple[float, float]


class Lighting(Protocol):
    """The part of a photo's conditions that comes after the page."""

    @property
    def shadow_share(self) -> float: ...
    @property
    def shadow_depth(self) -> Range: ...
    @property
    def gradient(self) -> float: ...
    @property
    def blur(self) -> Range: ...
    @property
    def noise(self) -> Range: ...
    @property
    def jpeg(self) -> tuple[int, ...]: ...


def lit(scene: Levels, lighting: Lighting, rng: np.random.Generator) -> Levels:
    """Multiply by a gradient, a colour cast and perhaps a shadow with its own edge."""
    height, width = scene.shape[:2]
    rows, columns = np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    along = rows * np.sin(angle) + columns * np.cos(angle)
    light = 1 - lighting.gradient * rng.random() * (0.5 + along)
    if rng.random() < lighting.shadow_share:
        light *= 1 - rng.uniform(*lighting.shadow_depth) * shadow(rows, columns, rng)
    cast = rng.uniform(0.92, 1.0, 3)
    return np.asarray(scene * light[:, :, None] * cast, np.float32)


def shadow(
    rows: NDArray[np.float64], columns: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return where a hand's or a phone's shadow lies: a half plane or an ellipse."""
    angle = rng.uniform(0, 2 * np.pi)
    softness = rng.uniform(0.004, 0.08)
    row, column = rng.uniform(-0.4, 0.4, 2)
    if rng.random() < 0.5:  # noqa: PLR2004  # a coin
        outside = (rows - row) * np.sin(angle) + (columns - column) * np.cos(angle)
    else:
        size = rng.uniform(0.15, 0.5, 2)
        outside = np.hypot((rows - row) / size[0], (columns - column) / size[1]) - 1
    return np.asarray(1 / (1 + np.exp(np.clip(outside / softness, -50, 50))))


def seen_by_a_camera(
    scene: Levels, lighting: Lighting, rng: np.random.Generator
) -> bytes:
    blur = rng.uniform(*lighting.blur)
    sharp = scene if blur < 0.2 else cv2.GaussianBlur(scene, (0, 0), blur)  # noqa: PLR2004  # nothing is left of a smaller kernel
    noise = rng.normal(0, rng.uniform(*lighting.noise), scene.shape)
    levels = np.clip(np.asarray(sharp) + noise, 0, 255).round().astype(np.uint8)
    file = BytesIO()
    quality = int(rng.choice(lighting.jpeg))
    Image.fromarray(levels).save(file, "JPEG", quality=quality)
    return file.getvalue()
