"""Files are unpacked by their content and appear in one step."""

import gzip
from pathlib import Path

import pytest

from app.datasets.files import remove_partial_files, unpack, write_file
from app.errors import DatasetUnavailable

PACKED = gzip.compress(b"content")


def test_gzipped_content_is_unpacked() -> None:
    assert unpack(PACKED, "name.gz") == b"content"


def test_content_without_gzip_stays_whatever_its_name() -> None:
    assert unpack(b"content", "name.gz") == b"content"


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(PACKED[:-9], id="cut short"),
        pytest.param(PACKED[:-4] + b"\xff" * 4, id="wrong length"),
        pytest.param(PACKED[:10] + b"\xff" * 20, id="not deflated"),
    ],
)
def test_damaged_gzip_is_refused_by_name(damaged: bytes) -> None:
    with pytest.raises(DatasetUnavailable, match=r"^name\.gz is damaged: "):
        unpack(damaged, "name.gz")


def test_a_written_file_replaces_the_old_one_and_leaves_nothing_beside_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old and longer")

    write_file(path, b"new")

    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()

    with pytest.raises(IsADirectoryError):
        write_file(path, b"new")

    assert list(tmp_path.iterdir()) == [path]


def test_partial_files_are_removed_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / ".train.0123.partial").write_bytes(b"half")
    kept = tmp_path / "train"
    kept.write_bytes(b"whole")

    remove_partial_files(tmp_path)

    assert list(tmp_path.iterdir()) == [kept]
