"""Datasets that come as arrays: IDX pairs, and npz files with images and labels."""

import io
import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray
from PIL import Image

from app.archives import Entry
from app.datasets.idx import parse_idx
from app.errors import DatasetUnavailable, UploadRefused
from app.intake.gathered import Gathered

Array = NDArray[np.generic]

IDX_MAGIC = b"\x00\x00\x08"
GREY_DIMENSIONS, COLOUR_DIMENSIONS = 3, 4
CHANNELS = (1, 3, 4)
LONGEST_LABEL = 200
NPY_VERSIONS = {
    (1, 0): npy.read_array_header_1_0,
    (2, 0): npy.read_array_header_2_0,
}
NPZ_PAIRS = (("images", "labels", False), ("test_images", "test_labels", True))


def is_idx(data: bytes) -> bool:
    return data.startswith(IDX_MAGIC)


def gather_idx(gathered: Gathered, entries: Sequence[Entry]) -> None:
    """Pair files of images and labels: of the test split if their names say so."""
    pairs: dict[bool, dict[bool, tuple[str, Array]]] = {}
    for entry in entries:
        name = entry.name.rsplit("/", 1)[-1].lower()
        is_test = name.startswith("t10k") or "test" in name
        array = read_idx(entry)
        is_labels = array.ndim == 1
        if is_labels in pairs.setdefault(is_test, {}):
            raise UploadRefused(f"`{entry.name}` has the same part as another file.")
        pairs[is_test][is_labels] = (entry.name, array)
    for is_test, pair in sorted(pairs.items()):
        if len(pair) != len((True, False)):
            [(name, _array)] = pair.values()
            raise UploadRefused(f"`{name}` lacks its counterpart: images and labels.")
        name, images = pair[False]
        gather_arrays(gathered, name, (images, pair[True][1]), is_test=is_test)


def read_idx(entry: Entry) -> Array:
    try:
        return parse_idx(np.frombuffer(entry.data or b"", np.uint8), entry.name)
    except DatasetUnavailable as error:
        raise UploadRefused(f"{error}.") from error


def gather_npz(gathered: Gathered, entries: Sequence[Entry]) -> None:
    """Take `images` and `labels`, and `test_images` and `test_labels` if they are."""
    arrays = {
        entry.name.removesuffix(".npy"): read_npy(entry.name, entry.data or b"")
        for entry in entries
    }
    if not {"images", "labels"} <= arrays.keys():
        known = ", ".join(sorted(arrays)) or "nothing"
        raise UploadRefused(f"The npz needs `images` and `labels`; it has {known}.")
    for images, labels, is_test in NPZ_PAIRS:
        if images in arrays:
            pair = (arrays[images], named(arrays, labels))
            gather_arrays(gathered, images, pair, is_test=is_test)


def named(arrays: Mapping[str, Array], name: str) -> Array:
    """Return labels, by their names if `class_names` has some."""
    labels, names = arrays.get(name), arrays.get("class_names")
    if labels is None:
        raise UploadRefused(f"The npz has no `{name}`.")
    if names is None or names.ndim != 1 or labels.dtype.kind not in "iu":
        return labels
    if labels.size and not 0 <= int(labels.min()) <= int(labels.max()) < len(names):
        raise UploadRefused(f"`{name}` has numbers that `class_names` does not name.")
    chosen: Array = names[labels]
    return chosen


def read_npy(name: str, data: bytes) -> Array:
    """Read an array without numpy's own reader, which believes its header."""
    file = io.BytesIO(data)
    try:
        version = npy.read_magic(file)
        shape, by_columns, dtype = NPY_VERSIONS[version](file)
    except (ValueError, KeyError, EOFError) as error:
        raise UploadRefused(f"`{name}` is not an array: {error}.") from error
    if dtype.hasobject or dtype.kind not in "iubUS" or dtype.itemsize == 0:
        raise UploadRefused(f"`{name}` holds {dtype}, not bytes, numbers or words.")
    rest = data[file.tell() :]
    if math.prod(shape) * dtype.itemsize != len(rest):
        raise UploadRefused(
            f"`{name}` has {len(rest)} bytes; shape {shape} of {dtype} needs others."
        )
    array: Array = np.frombuffer(rest, dtype)
    return array.reshape(shape, order="F" if by_columns else "C")


def gather_arrays(
    gathered: Gathered, name: str, pair: tuple[Array, Array], *, is_test: bool
) -> None:
    images, labels = pair
    if images.dtype != np.uint8 or not is_shape_of_images(images):
        raise UploadRefused(
            f"`{name}` is {images.dtype} {images.shape}; wanted is uint8 of (N, height,"
            " width), or with 1, 3 or 4 channels after it."
        )
    if labels.shape != (len(images),) or labels.dtype.kind not in "iuUS":
        raise UploadRefused(
            f"`{name}` has {len(images)} images, but labels {labels.dtype} of "
            f"{labels.shape}."
        )
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        squeezed = image[..., 0] if image.shape[2:] == (1,) else image
        picture = Image.fromarray(np.ascontiguousarray(squeezed).astype(np.uint8))
        file, label_name = f"{name}[{number}]", text_of(label)
        gathered.add(file, label_name, picture, is_test=is_test)


def is_shape_of_images(images: Array) -> bool:
    if 0 in images.shape[1:]:
        return False
    if images.ndim == COLOUR_DIMENSIONS:
        return images.shape[-1] in CHANNELS
    return images.ndim == GREY_DIMENSIONS


def text_of(label: np.generic) -> str:
    text = label.decode(errors="replace") if isinstance(label, bytes) else str(label)
    return text[:LONGEST_LABEL]
