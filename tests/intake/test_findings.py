"""What a report says of images: copies, gaps, imbalance, and what is fatal."""

import pytest

from app.dataset_report import DatasetReport
from app.intake.assemble import assemble
from app.intake.findings import quoted, report_on
from app.intake.gathered import Gathered
from tests.intake.conftest import Add


def report(gathered: Gathered) -> DatasetReport:
    return report_on(gathered, assemble(gathered))


def codes(found: DatasetReport) -> tuple[set[str], set[str]]:
    return {one.code for one in found.fatal}, {one.code for one in found.warnings}


def test_a_sound_dataset_has_nothing_to_complain_of(
    gathered: Gathered, add: Add
) -> None:
    for level in range(12):
        add("ab"[level % 2], level, is_test=level > 7)

    found = report(gathered)

    assert codes(found) == (set(), set())
    assert (found.images, found.imbalance) == (12, 1.0)
    assert found.mean == pytest.approx(sum(range(8)) / 8 / 255)


def test_copies_are_counted_where_they_lie(gathered: Gathered, add: Add) -> None:
    for level in range(12):
        add("ab"[level % 2], level, is_test=level > 7)
    add("a", 0)  # of one in training
    add("a", 8, is_test=True)  # of one in the test split
    add("b", 2, is_test=True)  # of one in training, which is an `a`

    found = report(gathered)

    duplicates = found.duplicates
    assert (duplicates.within_train, duplicates.within_test) == (1, 1)
    assert (duplicates.across_splits, duplicates.across_classes) == (1, 2)
    assert ["a/000.png", "a/012.png"] in duplicates.examples
    assert codes(found)[1] == {"duplicates", "leakage", "contradicting_labels"}


def test_a_class_without_images_is_fatal(gathered: Gathered, add: Add) -> None:
    for level in range(12):
        add("ab"[level % 2], level)
    gathered.add_class("c")

    found = report(gathered)

    assert found.empty_classes == ["c"]
    assert "empty_class" in codes(found)[0]


def test_a_class_that_is_only_tested_is_fatal(gathered: Gathered, add: Add) -> None:
    for level in range(12):
        add("ab"[level % 2], level, is_test=level % 2 == 1)

    assert codes(report(gathered)) == ({"empty_class"}, {"class_without_test_images"})


def test_nothing_at_all_is_fatal_and_has_no_mean(gathered: Gathered) -> None:
    found = report(gathered)

    assert codes(found)[0] == {"too_few_classes", "too_few_images"}
    assert (found.mean, found.std, found.imbalance) == (None, None, None)


def test_a_class_that_outweighs_another_is_told(gathered: Gathered, add: Add) -> None:
    for level in range(40):
        add("a" if level < 35 else "b", level)

    found = report(gathered)

    assert codes(found)[1] == {"imbalance", "test_split_made"}


def test_the_first_unreadable_file_is_named(gathered: Gathered, add: Add) -> None:
    for level in range(12):
        add("ab"[level % 2], level, is_test=level > 7)
    gathered.refuse("a/torn.png", "It is torn.")

    [warning] = report(gathered).warnings

    assert "a/torn.png" in warning.message


def test_of_many_names_some_are_quoted() -> None:
    assert quoted(["a"]) == "`a`"
    assert quoted([str(number) for number in range(25)]).endswith("and 5 more")
