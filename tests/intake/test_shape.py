"""All images of a dataset get one shape: the one asked for, or the commonest."""

from collections import Counter

import numpy as np
import pytest
from PIL import Image

from app.dataset_report import ShapeReport
from app.errors import UploadRefused
from app.intake.assemble import assemble
from app.intake.gathered import Gathered
from app.intake.shape import Sides, Wish, find_shape
from app.spec import Colour, ImageShape
from app.vision.pixels import Pixels
from app.vision.plain import plain
from app.vision.reading import Mode

MEBIBYTE = 2**20


def wish(
    sides: Sides | None = None, colour: Colour = "auto", longest: int = 96
) -> Wish:
    return Wish(Mode.PLAIN, sides, colour, longest)


def noise(width: int, height: int, mode: str = "RGB", seed: int = 0) -> Image.Image:
    levels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(levels).convert(mode)


def gather(pictures: list[Image.Image], wished: Wish, most: int = MEBIBYTE) -> Gathered:
    gathered = Gathered(wished, 100, most, lambda: None)
    for number, picture in enumerate(pictures):
        gathered.add(f"a/{number}.png", "a", picture, is_test=False)
    return gathered


def images_of(gathered: Gathered) -> tuple[ShapeReport, dict[str, Pixels]]:
    """Return what was found, and each image by its file."""
    done = assemble(gathered)
    content = done.content
    images = [*content.train.images, *content.test.images]
    files = [*done.train_files, *done.test_files]
    return done.images_as, dict(zip(files, images, strict=True))


@pytest.mark.parametrize(
    ("sizes", "wished", "shape", "rule"),
    [
        ({(20, 24): 3, (60, 60): 2}, wish(), (1, 20, 24), "commonest"),
        ({(20, 24): 2, (60, 60): 2}, wish(), (1, 60, 60), "commonest"),
        ({(20, 24): 2, (24, 20): 2}, wish(), (1, 24, 20), "commonest"),
        ({(300, 200): 1}, wish(), (1, 96, 64), "commonest_reduced"),
        ({(3000, 1): 1}, wish(longest=10), (1, 10, 1), "commonest_reduced"),
        ({(300, 200): 1}, wish((8, 9)), (1, 8, 9), "given"),
        ({}, wish(), (1, 1, 1), "commonest"),
    ],
    ids=["most", "tie", "tie of turned ones", "too large", "a line", "asked", "none"],
)
def test_the_size_follows_from_the_rule(
    sizes: dict[Sides, int], wished: Wish, shape: ImageShape, rule: str
) -> None:
    found = find_shape(wished, Counter(sizes), 0)

    assert (found.shape, found.size_from) == (shape, rule)


def test_digits_are_read_as_ever() -> None:
    digits = Wish(Mode.AUTO, None, "auto", 96)

    found, images = images_of(gather([noise(200, 300)] * 2, digits))

    assert (found.shape, found.size_from, found.coloured) == (
        (1, 28, 28),
        "digits",
        None,
    )
    assert {one.shape for one in images.values()} == {(28, 28)}


def test_a_single_picture_in_colour_makes_all_of_them_colours() -> None:
    grey, red = Image.new("L", (9, 8), 70), Image.new("RGB", (9, 8), (200, 10, 10))

    found, images = images_of(gather([grey, red, grey], wish()))

    assert (found.shape, found.colour_from, found.coloured) == ((3, 8, 9), "found", 1)
    assert (images["a/0.png"] == 70).all()
    assert (images["a/1.png"] == (200, 10, 10)).all()


@pytest.mark.parametrize("tint", [(70, 70, 70), (70, 74, 66)])
def test_grey_saved_as_colours_is_grey(tint: tuple[int, int, int]) -> None:
    pictures = [Image.new("RGB", (9, 8), tint), Image.new("L", (9, 8), 3)]

    found, images = images_of(gather(pictures, wish()))

    assert (found.shape, found.coloured, found.resized) == ((1, 8, 9), 0, 0)
    assert set(np.unique(images["a/0.png"])) <= {70, 72}


def test_a_client_may_choose_the_colours() -> None:
    pictures = [noise(9, 8), noise(9, 8, "L")]

    in_grey, greys = images_of(gather(pictures, wish(colour="grey")))
    in_colour, colours = images_of(gather(pictures, wish(colour="rgb")))

    assert (in_grey.shape, in_grey.colour_from) == ((1, 8, 9), "given")
    assert (greys["a/0.png"] == np.asarray(noise(9, 8, "L"))).all()
    assert in_colour.shape == (3, 8, 9)
    assert (colours["a/1.png"][:, :, 2] == np.asarray(noise(9, 8, "L"))).all()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "CMYK", "I"])
@pytest.mark.parametrize("colour", ["grey", "rgb"])
def test_a_picture_becomes_what_predict_makes_of_it(mode: str, colour: Colour) -> None:
    picture = noise(50, 37, "L" if mode == "I" else "RGB").convert(mode)

    found, images = images_of(gather([picture], wish((20, 24), colour)))

    assert (images["a/0.png"] == plain(picture, found.shape)).all()


def test_other_sizes_are_fitted_in_with_their_aspect() -> None:
    wide = Image.new("RGB", (40, 10), (200, 10, 10))
    usual = Image.new("RGB", (10, 10), (10, 10, 200))
    drawn = np.asarray(wide).copy()
    drawn[2:8, 4:36] = (10, 200, 10)

    found, images = images_of(gather([usual, Image.fromarray(drawn), usual], wish()))

    fitted = images["a/1.png"]
    assert (found.shape, found.resized) == ((3, 10, 10), 1)
    assert (fitted[0] == (200, 10, 10)).all()
    assert fitted[5, 5, 1] > 100


def test_fine_patterns_are_averaged_and_not_sampled() -> None:
    checks = np.indices((40, 40)).sum(axis=0) % 2 * 255
    picture = Image.fromarray(checks.astype(np.uint8))

    _found, images = images_of(gather([picture], wish((10, 10))))

    assert np.abs(images["a/0.png"].astype(int) - 127).max() <= 1


def test_more_pixels_than_allowed_are_refused_as_they_come() -> None:
    with pytest.raises(UploadRefused, match="smaller `size`"):
        gather([noise(20, 20)] * 3, wish(), most=2 * 1200)


def test_more_pixels_than_allowed_are_refused_before_they_are_made() -> None:
    pictures = [noise(20, 20, "L")] * 3
    gathered = gather(pictures, wish(colour="rgb"), most=3 * 400)

    with pytest.raises(UploadRefused, match="smaller `size`"):
        assemble(gathered)
