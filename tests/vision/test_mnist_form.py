"""What already is as MNIST has it passes unchanged, and nothing else does."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from app.datasets.mnist import load_mnist
from app.settings import Settings
from app.vision.mnist_form import has_mnist_form, mnist_form
from app.vision.pixels import Pixels
from app.vision.reading import Mode, to_pixels
from tests.factories import drawn_digit

SEVEN = to_pixels(drawn_digit())
MNIST = Settings().datasets_dir / "mnist"
with_mnist = pytest.mark.skipif(
    not MNIST.is_dir(), reason="needs MNIST: modelmill data fetch mnist"
)


@pytest.mark.parametrize("mode", [Mode.AUTO, Mode.MNIST])
def test_a_digit_in_mnists_form_passes_to_the_bit(mode: Mode) -> None:
    pixels = to_pixels(Image.fromarray(SEVEN), mode)

    assert np.array_equal(pixels, SEVEN)


def test_an_inverted_one_is_only_inverted() -> None:
    assert np.array_equal(to_pixels(Image.fromarray(255 - SEVEN)), SEVEN)


def test_a_colour_picture_of_it_passes_too() -> None:
    picture = Image.fromarray(SEVEN).convert("RGB")

    assert np.array_equal(to_pixels(picture), SEVEN)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda image: np.roll(image, 3, axis=1), id="off centre"),
        pytest.param(lambda image: image // 4, id="pale"),
        pytest.param(lambda image: np.maximum(image, 60), id="grey paper"),
        pytest.param(lambda image: image * 0, id="blank"),
        pytest.param(lambda image: np.pad(image, 1)[:28, :28], id="off by one"),
        pytest.param(
            lambda image: np.pad(image[::2, ::2], 7), id="half the size it must be"
        ),
    ],
)
def test_what_differs_from_mnists_form_does_not_pass(
    change: Callable[[Pixels], Pixels],
) -> None:
    changed = np.ascontiguousarray(change(SEVEN)).astype(np.uint8)

    assert mnist_form(changed) is None


def test_another_size_never_has_the_form() -> None:
    assert mnist_form(np.zeros((28, 29), np.uint8)) is None


@with_mnist
def test_all_of_mnist_passes_to_the_bit() -> None:
    mnist = load_mnist(MNIST)

    images = np.concatenate((mnist.train_images, mnist.test_images))

    assert all(has_mnist_form(image) for image in images)
