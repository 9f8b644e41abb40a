"""A fetch takes over what a user put into the directory by hand."""

import gzip
from io import StringIO
from pathlib import Path

import pytest

from app.datasets.fetch import fetch_dataset
from app.datasets.mnist import TEST_LABELS
from app.datasets.reporter import Reporter
from tests.datasets.conftest import MemorySource, built_in, read_files

Contents = dict[str, bytes]
Digests = dict[str, str]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("t10k-labels-idx1-ubyte.gz", id="with the suffix"),
        pytest.param("t10k-labels-idx1-ubyte", id="without the suffix"),
        pytest.param("t10k-labels.idx1-ubyte.gz", id="dotted"),
    ],
)
def test_a_gzipped_file_put_there_by_hand_is_unpacked(
    directory: Path, reporter: Reporter, digests: Digests, name: str
) -> None:
    raw = (directory / TEST_LABELS).read_bytes()
    (directory / TEST_LABELS).unlink()
    (directory / name).write_bytes(gzip.compress(raw))

    fetch_dataset(built_in(digests, []), directory, reporter)

    assert (directory / TEST_LABELS).read_bytes() == raw


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("t10k-labels.idx1-ubyte", id="dotted"),
        pytest.param("t10k-labels-idx1-ubyte.gz", id="unpacked on the way"),
    ],
)
def test_a_raw_file_put_there_by_hand_is_taken_over(
    directory: Path, reporter: Reporter, digests: Digests, name: str
) -> None:
    raw = (directory / TEST_LABELS).read_bytes()
    (directory / TEST_LABELS).rename(directory / name)

    fetch_dataset(built_in(digests, []), directory, reporter)

    assert (directory / TEST_LABELS).read_bytes() == raw


def test_a_wrong_file_in_the_directory_is_moved_aside_and_fetched(
    directory: Path,
    reporter: Reporter,
    output: StringIO,
    contents: Contents,
    digests: Digests,
) -> None:
    (directory / TEST_LABELS).write_bytes(b"something else")

    fetch_dataset(
        built_in(digests, [MemorySource("full", contents)]), directory, reporter
    )

    refused = f"{TEST_LABELS}.refused"
    assert read_files(directory) == {**contents, refused: b"something else"}
    assert output.getvalue() == (
        f"{TEST_LABELS} is not the original: wrong SHA-256; "
        f"moved to {directory / refused}\n"
    )


def test_a_damaged_gz_in_the_directory_is_moved_aside_and_fetched(
    directory: Path, reporter: Reporter, contents: Contents, digests: Digests
) -> None:
    (directory / TEST_LABELS).unlink()
    damaged = gzip.compress(contents[TEST_LABELS])[:-5]
    (directory / f"{TEST_LABELS}.gz").write_bytes(damaged)

    fetch_dataset(
        built_in(digests, [MemorySource("full", contents)]), directory, reporter
    )

    assert read_files(directory) == {**contents, f"{TEST_LABELS}.gz.refused": damaged}
