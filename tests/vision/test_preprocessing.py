"""Pixels become the numbers that networks take."""

import torch

from app.vision.preprocessing import Preprocessing, normalize


def test_pixels_become_numbers_from_zero_to_one() -> None:
    pixels = torch.tensor([[[0, 51], [204, 255]]], dtype=torch.uint8)

    images = normalize(pixels, Preprocessing())

    expected = torch.tensor([[[[0.0, 0.2], [0.8, 1.0]]]])
    torch.testing.assert_close(images, expected)


def test_the_scale_is_the_one_kept_with_the_checkpoint() -> None:
    pixels = torch.full((1, 28, 28), 2, dtype=torch.uint8)

    images = normalize(pixels, Preprocessing(scale=0.25))

    assert images.unique().item() == 0.5
