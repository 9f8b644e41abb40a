"""MNIST itself, enlarged, loses next to nothing by being read as a picture."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from app.datasets.mnist import Mnist, load_mnist
from app.settings import Settings
from app.vision.pixels import Pixels
from app.vision.reading import to_pixels

DIRECTORY = Settings().datasets_dir / "mnist"
MOST_LOST = 0.008
COUNT = 1000

pytestmark = pytest.mark.skipif(
    not DIRECTORY.is_dir(), reason="needs MNIST: modelmill data fetch mnist"
)


@pytest.fixture(scope="module")
def mnist() -> Mnist:
    return load_mnist(DIRECTORY)


def nearest_labels(mnist: Mnist, images: list[Pixels]) -> NDArray[np.uint8]:
    """Classify by the nearest of 20,000 training images: no network needed."""
    known = mnist.train_images[:20_000].reshape(20_000, -1).astype(np.float32)
    known /= np.linalg.norm(known, axis=1, keepdims=True)
    asked = np.stack(images).reshape(len(images), -1).astype(np.float32)
    nearest = (asked @ known.T).argmax(axis=1)
    return np.asarray(mnist.train_labels[nearest])


@pytest.mark.parametrize("inverted", [False, True], ids=["raw", "inverted"])
@pytest.mark.parametrize("factor", [1, 5])
def test_accuracy_falls_by_less_than_a_point(
    mnist: Mnist, factor: int, *, inverted: bool
) -> None:
    size = (28 * factor, 28 * factor)
    originals = list(mnist.test_images[:COUNT])
    large = [Image.fromarray(image).resize(size) for image in originals]
    sent = [ImageOps.invert(image) if inverted else image for image in large]

    truth = mnist.test_labels[:COUNT]
    raw = float((nearest_labels(mnist, originals) == truth).mean())
    read = [to_pixels(image) for image in sent]
    accuracy = float((nearest_labels(mnist, read) == truth).mean())

    assert raw > 0.94
    assert accuracy >= raw - MOST_LOST
