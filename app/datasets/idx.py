"""IDX, the format of MNIST: a magic, the dimensions, then one byte per value."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.datasets.files import unpack
from app.errors import DatasetUnavailable

# Two zero bytes, then 0x08 for "unsigned byte"; the count of dimensions follows.
MAGIC = b"\x00\x00\x08"
SIZE_BYTES = 4


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Read a raw or gzipped IDX file into an array that may be written to."""
    try:
        content = unpack(path.read_bytes(), str(path))
    except OSError as error:
        raise DatasetUnavailable(f"{path}: {error.strerror}") from error
    shape = _read_shape(content, path)
    start = _header_length(len(shape))
    expected = start + math.prod(shape)
    if len(content) != expected:
        raise DatasetUnavailable(
            f"{path} has {len(content)} bytes; shape {shape} needs {expected}"
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()


def idx_bytes(array: NDArray[np.uint8]) -> bytes:
    sizes = np.asarray(array.shape, ">u4").tobytes()
    return MAGIC + bytes([array.ndim]) + sizes + array.tobytes()


def _read_shape(content: bytes, path: Path) -> tuple[int, ...]:
    dimensions = content[len(MAGIC)] if len(content) > len(MAGIC) else 0
    if not content.startswith(MAGIC) or dimensions == 0:
        raise DatasetUnavailable(f"{path} is not an IDX file of unsigned bytes")
    sizes = content[len(MAGIC) + 1 : _header_length(dimensions)]
    if len(sizes) != dimensions * SIZE_BYTES:
        raise DatasetUnavailable(f"{path} ends within its header")
    return tuple(int(size) for size in np.frombuffer(sizes, ">u4"))


def _header_length(dimensions: int) -> int:
    return len(MAGIC) + 1 + dimensions * SIZE_BYTES
