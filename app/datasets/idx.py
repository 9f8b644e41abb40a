"""IDX, the format of MNIST: a magic, the dimensions, then one byte per value."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.datasets.files import GZIP_MAGIC, unpack
from app.errors import DatasetUnavailable

# Two zero bytes, then 0x08 for "unsigned byte"; the count of dimensions follows.
MAGIC = b"\x00\x00\x08"
SIZE_BYTES = 4
LONGEST_HEADER = 4 + 255 * SIZE_BYTES


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Read a raw or gzipped IDX file into an array that may be written to."""
    return parse_idx(_read_unpacked(path), str(path))


def parse_idx(content: NDArray[np.uint8], path: str) -> NDArray[np.uint8]:
    """Return the array that raw content holds; path is what errors call it."""
    shape = _read_shape(content[:LONGEST_HEADER].tobytes(), path)
    start = _header_length(len(shape))
    expected = start + math.prod(shape)
    if len(content) != expected:
        raise DatasetUnavailable(
            f"{path} has {len(content)} bytes; shape {shape} needs {expected}"
        )
    return content[start:].reshape(shape)


def idx_bytes(array: NDArray[np.uint8]) -> bytes:
    sizes = np.asarray(array.shape, ">u4").tobytes()
    return MAGIC + bytes([array.ndim]) + sizes + array.tobytes()


def _read_unpacked(path: Path) -> NDArray[np.uint8]:
    """Read a file straight into an array: every job's start waits for this."""
    try:
        content = np.fromfile(path, np.uint8)
    except OSError as error:
        raise DatasetUnavailable(f"{path}: {error.strerror}") from error
    if content[: len(GZIP_MAGIC)].tobytes() != GZIP_MAGIC:
        return content
    unpacked = unpack(content.tobytes(), str(path))
    return np.frombuffer(bytearray(unpacked), np.uint8)


def _read_shape(content: bytes, path: str) -> tuple[int, ...]:
    dimensions = content[len(MAGIC)] if len(content) > len(MAGIC) else 0
    if not content.startswith(MAGIC) or dimensions == 0:
        raise DatasetUnavailable(f"{path} is not an IDX file of unsigned bytes")
    sizes = content[len(MAGIC) + 1 : _header_length(dimensions)]
    if len(sizes) != dimensions * SIZE_BYTES:
        raise DatasetUnavailable(f"{path} ends within its header")
    return tuple(int(size) for size in np.frombuffer(sizes, ">u4"))


def _header_length(dimensions: int) -> int:
    return len(MAGIC) + 1 + dimensions * SIZE_BYTES
