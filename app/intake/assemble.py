"""From gathered images to a dataset's content: classes, order and a test split."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.dataset_report import ShapeReport
from app.intake.gathered import Gathered, too_many_bytes
from app.intake.shape import find_shape, in_shape
from app.library import Content, Split

# The test split that is made, and the order of the images, follow from this seed.
SEED = 0
TEST_SHARE = 5  # one in five


@dataclass(frozen=True, eq=False)
class Assembled:
    """The content, its shape, whence each image, and whether its test split is ours."""

    content: Content
    images_as: ShapeReport
    train_files: list[str]
    test_files: list[str]
    made_test_split: bool


def assemble(gathered: Gathered) -> Assembled:
    """Put classes and images in an order that follows from the names of the files.

    The images are shuffled, since a job that does not shuffle would else see one
    class after the other.

    Raises:
        UploadRefused: In the shape that all get they have too many pixels.
    """
    names = sorted(gathered.classes, key=natural)
    number_of = {gathered.classes[name]: place for place, name in enumerate(names)}
    renumbered = [number_of[number] for number in range(len(names))]
    labels = np.array(renumbered, np.uint16)[np.frombuffer(gathered.labels, np.uint16)]
    by_name = sorted(range(len(labels)), key=gathered.files.__getitem__)
    # The one generator of numpy whose numbers are promised never to change.
    shuffled = np.random.RandomState(SEED).permutation(len(labels))
    order = np.array(by_name, np.intp)[shuffled]
    is_test = np.frombuffer(gathered.is_test, np.bool_)[order]
    made = not is_test.any()
    if made:
        is_test = stratified(labels[order], len(names))
    images_as = find_shape(gathered.wish, gathered.sizes, gathered.coloured)
    if len(labels) * math.prod(images_as.shape) > gathered.most_bytes:
        raise too_many_bytes(gathered.most_bytes)
    pixels = in_shape(gathered.pixels, gathered.shapes, images_as.shape)
    train, test = order[~is_test], order[is_test]
    return Assembled(
        Content(
            tuple(names),
            Split(pixels[train], labels[train]),
            Split(pixels[test], labels[test]),
        ),
        images_as,
        [gathered.files[place] for place in train],
        [gathered.files[place] for place in test],
        made,
    )


def natural(name: str) -> tuple[bool, int, str]:
    """Sort numbers as numbers, before words."""
    is_number = name.isascii() and name.isdecimal()
    return (not is_number, int(name) if is_number else 0, name)


def stratified(labels: NDArray[np.uint16], classes: int) -> NDArray[np.bool_]:
    """Mark one in five of each class, at least one if another one is left."""
    chosen = np.zeros(len(labels), np.bool_)
    for label in range(classes):
        places = np.nonzero(labels == label)[0]
        count = round(len(places) / TEST_SHARE)
        if len(places) > 1:
            count = max(1, count)
        chosen[places[:count]] = True
    return chosen
