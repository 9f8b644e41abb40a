"""IDX files are read exactly as they say, or refused by name."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.datasets.idx import idx_bytes, read_idx
from app.errors import DatasetUnavailable


@pytest.fixture
def array() -> NDArray[np.uint8]:
    return np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "images-idx3-ubyte"


def test_the_header_holds_type_dimensions_and_sizes(array: NDArray[np.uint8]) -> None:
    header = bytes.fromhex("00000803 00000002 00000003 00000004")

    assert idx_bytes(array) == header + bytes(range(24))


def test_an_array_survives_the_file(array: NDArray[np.uint8], path: Path) -> None:
    path.write_bytes(idx_bytes(array))

    np.testing.assert_array_equal(read_idx(path), array, strict=True)


def test_a_gzipped_file_is_read(array: NDArray[np.uint8], path: Path) -> None:
    path.write_bytes(gzip.compress(idx_bytes(array)))

    np.testing.assert_array_equal(read_idx(path), array, strict=True)


def test_a_transposed_array_is_written_by_row(
    array: NDArray[np.uint8], path: Path
) -> None:
    path.write_bytes(idx_bytes(array.T))

    np.testing.assert_array_equal(read_idx(path), array.T, strict=True)


def test_the_array_may_be_written_to(array: NDArray[np.uint8], path: Path) -> None:
    path.write_bytes(idx_bytes(array))

    assert read_idx(path).flags.writeable


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param("", "is not an IDX file", id="empty"),
        pytest.param("000008", "is not an IDX file", id="three bytes"),
        pytest.param("3c68746d6c3e", "is not an IDX file", id="web page"),
        pytest.param("00000d01 00000000", "is not an IDX file", id="floats"),
        pytest.param("00000800", "is not an IDX file", id="no dimension"),
        pytest.param("00000802 00000001 0000", "ends within its header", id="header"),
        pytest.param("00000801 00000002 07", "has 9 bytes; shape", id="too short"),
        pytest.param("00000801 00000001 0707", "has 10 bytes; shape", id="too long"),
        pytest.param(
            "00000802 ffffffff ffffffff 07", "has 13 bytes; shape", id="boast"
        ),
    ],
)
def test_a_file_that_lies_is_refused_by_name(
    path: Path, content: str, reason: str
) -> None:
    path.write_bytes(bytes.fromhex(content))

    with pytest.raises(DatasetUnavailable, match=f"images-idx3-ubyte {reason}"):
        read_idx(path)


def test_damaged_gzip_is_refused_by_name(array: NDArray[np.uint8], path: Path) -> None:
    path.write_bytes(gzip.compress(idx_bytes(array))[:-5])

    with pytest.raises(DatasetUnavailable, match="images-idx3-ubyte is damaged"):
        read_idx(path)


def test_a_missing_file_is_unavailable(path: Path) -> None:
    with pytest.raises(DatasetUnavailable, match="images-idx3-ubyte: No such file"):
        read_idx(path)
