"""A fetch ends with the four right files, whichever source gave them."""

from io import StringIO
from pathlib import Path

import pytest

from app.datasets.fetch import fetch_dataset, fetch_if_missing
from app.datasets.mnist import TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS
from app.datasets.reporter import Reporter
from app.errors import DatasetUnavailable
from tests.datasets.conftest import MemorySource, built_in, read_files

Contents = dict[str, bytes]
Digests = dict[str, str]


def test_the_first_source_that_works_fills_the_directory(
    tmp_path: Path, reporter: Reporter, contents: Contents, digests: Digests
) -> None:
    sources = [
        MemorySource("empty"),
        MemorySource("full", contents),
        unused := MemorySource("unused", contents),
    ]

    fetch_dataset(built_in(digests, sources), tmp_path / "datasets" / "mnist", reporter)

    assert read_files(tmp_path / "datasets" / "mnist") == contents
    assert unused.asked == []


def test_files_that_are_there_are_not_fetched_and_nothing_is_said(
    directory: Path, reporter: Reporter, output: StringIO, digests: Digests
) -> None:
    source = MemorySource("empty")

    fetch_dataset(built_in(digests, [source]), directory, reporter)

    assert source.asked == []
    assert output.getvalue() == ""


def test_only_missing_files_are_fetched(
    directory: Path, reporter: Reporter, contents: Contents, digests: Digests
) -> None:
    (directory / TRAIN_LABELS).unlink()
    (directory / TEST_IMAGES).unlink()
    source = MemorySource("full", contents)

    fetch_dataset(built_in(digests, [source]), directory, reporter)

    assert source.asked == [(TRAIN_LABELS, TEST_IMAGES)]
    assert read_files(directory) == contents


def test_what_one_source_gave_is_kept_when_the_next_takes_over(
    tmp_path: Path, reporter: Reporter, contents: Contents, digests: Digests
) -> None:
    first = MemorySource("first", {TRAIN_IMAGES: contents[TRAIN_IMAGES]})
    second = MemorySource("second", contents)

    fetch_dataset(built_in(digests, [first, second]), tmp_path, reporter)

    assert second.asked == [(TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)]
    assert read_files(tmp_path) == contents


def test_a_rerun_continues_where_a_failed_fetch_ended(
    tmp_path: Path, reporter: Reporter, contents: Contents, digests: Digests
) -> None:
    broken = MemorySource("broken", {TRAIN_IMAGES: contents[TRAIN_IMAGES]})
    with pytest.raises(DatasetUnavailable):
        fetch_dataset(built_in(digests, [broken]), tmp_path, reporter)
    source = MemorySource("full", contents)

    fetch_dataset(built_in(digests, [source]), tmp_path, reporter)

    assert source.asked == [(TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)]


def test_a_wrong_file_from_a_source_is_refused_and_the_next_source_is_asked(
    tmp_path: Path,
    reporter: Reporter,
    output: StringIO,
    contents: Contents,
    digests: Digests,
) -> None:
    wrong = MemorySource("wrong", {**contents, TRAIN_IMAGES: b"something else"})
    right = MemorySource("right", contents)

    fetch_dataset(built_in(digests, [wrong, right]), tmp_path, reporter)

    assert read_files(tmp_path) == contents
    assert output.getvalue() == (
        f"wrong failed: {TRAIN_IMAGES} is not the original: wrong SHA-256\n"
    )


def test_a_wrong_file_leaves_nothing_when_no_other_source_is_left(
    tmp_path: Path, reporter: Reporter, contents: Contents, digests: Digests
) -> None:
    wrong = MemorySource("wrong", {TRAIN_IMAGES: b"something else"})

    with pytest.raises(DatasetUnavailable, match="wrong SHA-256"):
        fetch_dataset(built_in(digests, [wrong]), tmp_path, reporter)

    assert read_files(tmp_path) == {}


def test_what_a_killed_fetch_left_is_removed(
    tmp_path: Path, reporter: Reporter, contents: Contents, digests: Digests
) -> None:
    (tmp_path / f".{TRAIN_IMAGES}.0123.partial").write_bytes(b"half")

    fetch_dataset(
        built_in(digests, [MemorySource("full", contents)]), tmp_path, reporter
    )

    assert read_files(tmp_path) == contents


def test_a_failure_names_every_source_its_reason_and_the_way_out(
    tmp_path: Path, reporter: Reporter, contents: Contents, digests: Digests
) -> None:
    del contents[TEST_LABELS]
    sources = [MemorySource("first"), MemorySource("second", contents)]

    with pytest.raises(DatasetUnavailable) as caught:
        fetch_dataset(built_in(digests, sources), tmp_path, reporter)

    assert str(caught.value) == (
        f"MNIST could not be fetched ({tmp_path}: does not have all four files; "
        f"first: it has no {TRAIN_IMAGES}; second: it has no {TEST_LABELS}). "
        f"Put {TEST_LABELS} into {tmp_path}, raw or as .gz, and try again"
    )


def test_a_directory_that_cannot_be_made_is_named(
    tmp_path: Path, reporter: Reporter
) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(DatasetUnavailable, match="mnist cannot be used"):
        fetch_dataset(built_in({}, []), tmp_path / "file" / "mnist", reporter)


def test_a_file_that_cannot_be_written_is_a_reason(
    tmp_path: Path, reporter: Reporter, contents: Contents, digests: Digests
) -> None:
    (tmp_path / TRAIN_IMAGES).mkdir()

    with pytest.raises(DatasetUnavailable, match=r"full: .*Is a directory"):
        fetch_dataset(
            built_in(digests, [MemorySource("full", contents)]), tmp_path, reporter
        )


def test_on_first_use_a_dataset_is_fetched(
    tmp_path: Path, reporter: Reporter, contents: Contents, digests: Digests
) -> None:
    full = MemorySource("full", contents)

    fetch_if_missing(built_in(digests, [full]), tmp_path / "mnist", reporter)

    assert read_files(tmp_path / "mnist") == contents


def test_on_later_use_files_are_taken_as_they_are(
    directory: Path, reporter: Reporter, digests: Digests
) -> None:
    (directory / TEST_LABELS).write_bytes(b"a user's own")

    fetch_if_missing(built_in(digests, []), directory, reporter)

    assert (directory / TEST_LABELS).read_bytes() == b"a user's own"
