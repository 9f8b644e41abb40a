"""Augmentation changes each image by itself, as far as asked and no further."""

import math

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from app.spec import Augmentation
from worker.augmentation import (
    Placement,
    augment,
    draw_elastic,
    draw_placement,
    resample,
    source_places,
)

EVERYTHING = Augmentation(
    translate=2,
    rotate=20,
    scale=0.1,
    shear=10,
    elastic=2,
    thickness=0.5,
    erase=0.4,
    flip=True,
)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def blobs(count: int = 64, height: int = 28, width: int = 28) -> Tensor:
    """Return the same smooth, lopsided picture several times, black at the rim."""
    down = torch.linspace(-2.6, 2.6, height).unsqueeze(1)
    across = torch.linspace(-2.6, 2.6, width)
    first = torch.exp(-2 * ((across - 0.5).square() + (down + 0.6).square()))
    second = torch.exp(-3 * ((across + 0.7).square() + (down - 0.4).square()))
    return (0.6 * first + 0.9 * second).expand(count, 1, height, width).clone()


def place(images: Tensor, **values: float) -> Tensor:
    """Return the images put as told, with every other number neutral."""
    neutral = {"angle": 0, "shear": 0, "size": 1, "mirror": 1, "right": 0, "down": 0}
    numbers = {
        name: torch.full((len(images),), float(values.get(name, number)))
        for name, number in neutral.items()
    }
    return resample(images, source_places(Placement(**numbers), images.shape))


def centre_of_mass(images: Tensor) -> tuple[Tensor, Tensor]:
    """Return the row and the column of each image's centre, (N,) each."""
    ink = images[:, 0] / images[:, 0].sum(dim=(1, 2), keepdim=True)
    rows = ink.sum(dim=2) @ torch.arange(ink.shape[1], dtype=torch.float32)
    columns = ink.sum(dim=1) @ torch.arange(ink.shape[2], dtype=torch.float32)
    return rows, columns


def test_nothing_asked_is_nothing_changed() -> None:
    images = blobs()

    assert torch.equal(augment(images, Augmentation(), seeded()), images)


def test_strength_zero_turns_everything_off() -> None:
    images = blobs()
    off = EVERYTHING.model_copy(update={"strength": 0.0})

    assert torch.equal(augment(images, off, seeded()), images)


def test_strength_multiplies_the_values() -> None:
    weak = Augmentation(translate=1, rotate=10, elastic=1, erase=0.2, strength=2)
    strong = Augmentation(translate=2, rotate=20, elastic=2, erase=0.4)

    images = [augment(blobs(), choice, seeded()) for choice in (weak, strong)]

    torch.testing.assert_close(images[0], images[1])


def test_full_strength_turns_no_image_inside_out() -> None:
    beyond = Augmentation(scale=0.9, shear=60, strength=2)

    placement = draw_placement(1000, beyond, seeded())
    images = augment(blobs(), beyond, seeded())

    assert placement.size.min() > 0
    assert images.isfinite().all()


def test_the_same_generator_state_gives_the_same_images() -> None:
    first = augment(blobs(), EVERYTHING, seeded(3))
    again = augment(blobs(), EVERYTHING, seeded(3))
    other = augment(blobs(), EVERYTHING, seeded(4))

    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(
    "choice",
    [
        {"translate": 2},
        {"rotate": 20},
        {"scale": 0.2},
        {"shear": 20},
        {"elastic": 2},
        {"erase": 0.5},
    ],
    ids=lambda choice: next(iter(choice)),
)
def test_each_image_gets_a_change_of_its_own(choice: dict[str, float]) -> None:
    images = augment(1 + blobs(16), Augmentation.model_validate(choice), seeded())

    assert len(torch.unique(images.flatten(1), dim=0)) > 12  # some holes are empty


def test_the_images_given_stay_as_they_are() -> None:
    images = blobs()

    augment(images, EVERYTHING, seeded())

    assert torch.equal(images, blobs())


def test_whole_pixels_shift_without_blur() -> None:
    images = torch.rand(4, 1, 28, 28, generator=seeded())

    moved = place(images, right=3, down=-2)

    torch.testing.assert_close(moved[..., :26, 3:], images[..., 2:, :25])
    assert moved[..., 26:, :].abs().max() < 1e-4
    assert moved[..., :3].abs().max() < 1e-4


@pytest.mark.parametrize("degrees", [-30, -7, 15, 90])
def test_a_turned_image_is_pillows(degrees: int) -> None:
    images = blobs(1)

    turned = place(images, angle=math.radians(degrees))[0, 0]

    source = Image.fromarray(images[0, 0].numpy())
    pillows = source.rotate(-degrees, resample=Image.Resampling.BILINEAR)
    expected = torch.from_numpy(np.asarray(pillows).copy())
    torch.testing.assert_close(turned, expected, atol=2e-3, rtol=0)


def test_a_mirrored_image_is_flipped() -> None:
    images = blobs()

    torch.testing.assert_close(place(images, mirror=-1), images.flip(-1))


def test_flip_mirrors_about_half_of_the_images() -> None:
    images = blobs(400)

    flipped = augment(images, Augmentation(flip=True), seeded())

    kept = (flipped - images).abs().amax(dim=(1, 2, 3)) < 1e-4
    mirrored = (flipped - images.flip(-1)).abs().amax(dim=(1, 2, 3)) < 1e-4
    assert (kept ^ mirrored).all()
    assert 150 < int(mirrored.sum()) < 250


def test_twice_the_size_is_four_times_the_ink() -> None:
    images = blobs(1)

    ratio = place(images, size=1.5).sum() / images.sum()

    assert ratio.item() == pytest.approx(2.25, rel=0.02)


def test_shear_moves_each_row_by_its_distance_from_the_centre() -> None:
    line = torch.zeros(1, 1, 29, 29)
    line[..., 14] = 1

    sheared = place(line, shear=0.5)[0, 0]

    assert sheared.argmax(dim=1)[[4, 14, 24]].tolist() == [9, 14, 19]


def test_a_shift_stays_within_its_pixels() -> None:
    images = blobs(200)

    moved = augment(images, Augmentation(translate=2), seeded())

    for before, after in zip(
        centre_of_mass(images), centre_of_mass(moved), strict=True
    ):
        distance = (after - before).abs()
        assert 1.8 < distance.max() < 2.01


@pytest.mark.parametrize("smoothness", [1.0, 2.0, 4.0, 8.0])
def test_elastic_moves_are_smooth_and_no_longer_than_asked(smoothness: float) -> None:
    chosen = Augmentation(elastic=3, elastic_smoothness=smoothness)

    moves = draw_elastic(torch.Size([200, 1, 29, 29]), chosen, seeded()) * 14

    longest = moves.norm(dim=1).amax(dim=(1, 2))
    change = moves.diff(dim=3).square().mean() / moves.square().mean()
    of_smoothed_noise = 2 * (1 - math.exp(-1 / (4 * smoothness**2)))
    assert 2.9 < longest.max() < 3.001
    assert change.item() == pytest.approx(of_smoothed_noise, rel=0.15)


def test_erasing_blanks_one_rectangle_of_at_most_its_share() -> None:
    images = torch.ones(300, 1, 20, 30)

    erased = augment(images, Augmentation(erase=0.5), seeded())[:, 0] == 0

    heights, widths = erased.any(dim=2).sum(dim=1), erased.any(dim=1).sum(dim=1)
    assert torch.equal(erased.sum(dim=(1, 2)), heights * widths)
    assert heights.max() == 10
    assert widths.max() == 15


def test_all_channels_of_an_image_move_together() -> None:
    images = blobs(8, height=20, width=30).expand(-1, 3, -1, -1)

    changed = augment(images, EVERYTHING, seeded())

    assert changed.shape == (8, 3, 20, 30)
    assert torch.equal(changed[:, 0], changed[:, 2])


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_device_augments_what_lies_on_it() -> None:
    generator = torch.Generator("cuda").manual_seed(0)

    changed = augment(blobs().to("cuda"), EVERYTHING, generator)

    assert changed.device.type == "cuda"
    assert changed.isfinite().all()


def stroke(width: int, count: int = 500) -> Tensor:
    """Return the same upright stroke of this many pixels, several times."""
    images = torch.zeros(count, 1, 28, 28)
    images[..., 6:22, 10 : 10 + width] = 1
    return images


def widths(images: Tensor) -> Tensor:
    return images[:, 0, 14].sum(dim=1)


def test_another_pen_is_at_most_a_pixel_wider_or_thinner_on_each_side() -> None:
    changed = widths(augment(stroke(4), Augmentation(thickness=1), seeded()))

    assert changed.min() == pytest.approx(2, abs=0.1)
    assert changed.max() == pytest.approx(6, abs=0.1)
    assert changed.mean() == pytest.approx(4, abs=0.2)


def test_another_pen_invents_no_ink_and_leaves_levels_in_range() -> None:
    images = augment(stroke(4), Augmentation(thickness=1), seeded())

    assert images.min() >= 0
    assert images.max() <= 1
    assert images[..., :4, :].sum() == 0


def test_full_strength_changes_a_pen_by_a_pixel_and_no_more() -> None:
    beyond = augment(stroke(4), Augmentation(thickness=1, strength=2), seeded())

    assert widths(beyond).max() <= 6
