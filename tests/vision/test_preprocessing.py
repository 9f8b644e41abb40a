"""Pixels become the numbers that networks take."""

import numpy as np
import torch

from app.vision.preprocessing import Preprocessing, scale_pixels
from app.vision.tensors import normalize


def test_pixels_become_numbers_from_zero_to_one() -> None:
    pixels = torch.tensor([[[0, 51], [204, 255]]], dtype=torch.uint8)

    images = normalize(pixels, Preprocessing())

    expected = torch.tensor([[[[0.0, 0.2], [0.8, 1.0]]]])
    torch.testing.assert_close(images, expected)


def test_the_scale_is_the_one_kept_with_the_checkpoint() -> None:
    pixels = torch.full((1, 28, 28), 2, dtype=torch.uint8)

    images = normalize(pixels, Preprocessing(scale=0.25))

    assert images.unique().item() == 0.5


def test_prediction_sees_the_numbers_of_training_to_the_bit() -> None:
    levels = np.arange(256, dtype=np.uint8).repeat(4).reshape(2, 16, 32)[:, :, :28]
    settings = Preprocessing(scale=1 / 253)

    predicted = scale_pixels(list(levels), settings)
    trained = normalize(torch.from_numpy(levels.copy()), settings)

    assert np.array_equal(predicted, trained.numpy())
