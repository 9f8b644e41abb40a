"""Outliers come from training images and a seed, and are as bright as digits."""

import pytest
import torch

from app.spec import TrainingSpec
from tests.factories import split_of_bars, tiny_spec
from worker import outliers
from worker.outliers import draw_outliers, epoch_outliers, outlier_count


def exposed(**values: object) -> TrainingSpec:
    return tiny_spec(outlier_exposure={"share": 0.5}, **values)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_an_epoch_has_its_share_for_each_step() -> None:
    drawn = epoch_outliers(split_of_bars(9), exposed(), epoch=1)

    assert drawn.shape == (2, 2, 28, 28)
    assert drawn.dtype is torch.uint8


def test_without_exposure_there_are_none() -> None:
    assert epoch_outliers(split_of_bars(9), tiny_spec(), epoch=1).shape[:2] == (2, 0)


def test_the_smallest_share_is_one() -> None:
    assert outlier_count(tiny_spec(outlier_exposure={"share": 0.001})) == 1


def test_they_follow_from_seed_and_epoch_alone() -> None:
    images = split_of_bars(9)
    before = torch.get_rng_state()

    first, again = (epoch_outliers(images, exposed(), epoch=3) for _ in range(2))

    assert torch.equal(first, again)
    assert not torch.equal(first, epoch_outliers(images, exposed(), epoch=4))
    assert not torch.equal(first, epoch_outliers(images, exposed(seed=8), epoch=3))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("count", [1, 7, 300])
def test_as_many_are_drawn_as_asked(count: int) -> None:
    assert len(draw_outliers(split_of_bars(20).images, count, generator())) == count


def test_the_shares_of_all_kinds_are_one() -> None:
    assert sum(share for share, _draw in outliers.KINDS) == pytest.approx(1)


@pytest.mark.parametrize(
    "draw", [draw for _share, draw in outliers.KINDS], ids=lambda draw: draw.__name__
)
@pytest.mark.parametrize("sides", [(28, 28), (20, 33)], ids=["square", "wide"])
def test_every_kind_fits_the_images_and_varies(
    draw: outliers.Draw, sides: tuple[int, int]
) -> None:
    images = torch.randint(0, 256, (6, *sides), generator=generator())

    drawn = draw(images.to(torch.uint8), 8, generator())

    assert drawn.shape == (8, *sides)
    assert drawn.isfinite().all()
    assert len({tuple(picture.flatten().tolist()) for picture in drawn}) > 4


def test_strokes_stand_in_the_middle_and_cover_about_what_a_digit_does() -> None:
    drawn = outliers.strokes(split_of_bars(3).images, 200, generator()) / 255

    assert drawn[:, :3].max() == drawn[:, :, -3:].max() == 0
    assert 0.05 < drawn.mean() < 0.25
    assert drawn.amax(dim=(1, 2)).min() > 0.9
