"""The order of classes and images follows from names alone; so does the split."""

import numpy as np
import pytest

from app.intake.assemble import assemble, natural, stratified
from app.intake.gathered import Gathered
from app.library import digest_of
from tests.intake.conftest import MEBIBYTE, WISH, Add, flat


def test_classes_are_sorted_as_people_do(gathered: Gathered, add: Add) -> None:
    for level, name in enumerate(["10", "9", "b", "a", "2"]):
        add(name, level)
        add(name, level + 50)

    assert assemble(gathered).content.class_names == ("2", "9", "10", "a", "b")


def test_an_image_keeps_its_label_and_its_file(gathered: Gathered, add: Add) -> None:
    for level in range(10):
        add("b" if level % 2 else "a", level)

    assembled = assemble(gathered)

    train = assembled.content.train
    for image, label, file in zip(
        train.images, train.labels, assembled.train_files, strict=True
    ):
        assert label == int(image[0, 0]) % 2
        assert file == f"{'ab'[label]}/{image[0, 0]:03}.png"


def test_the_order_in_the_archive_does_not_matter() -> None:
    digests = set()
    for order in (range(12), reversed(range(12))):
        gathered = Gathered(WISH, 100, MEBIBYTE, lambda: None)
        for level in order:
            name = "ab"[level % 2]
            gathered.add_pixels(f"{name}/{level}", name, flat(level), is_test=False)
        digests.add(digest_of(assemble(gathered).content))

    assert len(digests) == 1


def test_a_test_split_that_was_sent_is_kept(gathered: Gathered, add: Add) -> None:
    for level in range(10):
        add("ab"[level % 2], level, is_test=level == 3)

    assembled = assemble(gathered)

    assert not assembled.made_test_split
    assert assembled.test_files == ["b/003.png"]


def test_one_in_five_of_each_class_is_set_aside(gathered: Gathered, add: Add) -> None:
    for level in range(40):
        add("a" if level < 30 else "b", level)

    assembled = assemble(gathered)

    assert assembled.made_test_split
    assert np.bincount(assembled.content.test.labels).tolist() == [6, 2]


@pytest.mark.parametrize(("count", "tested"), [(1, 0), (2, 1), (4, 1), (8, 2)])
def test_a_small_class_keeps_something_to_learn_from(count: int, tested: int) -> None:
    marked = stratified(np.zeros(count, np.uint16), 1)

    assert marked.sum() == tested


def test_numbers_come_before_words() -> None:
    assert sorted(["x", "٣", "11", "2"], key=natural) == ["2", "11", "x", "٣"]
