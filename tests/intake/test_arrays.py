"""Arrays of images and labels are checked before they are believed."""

import io
from typing import Any

import numpy as np
import pytest
from numpy.lib import format as npy

from app.archives import Entry
from app.datasets.idx import idx_bytes
from app.errors import UploadRefused
from app.intake.arrays import gather_idx, gather_npz
from app.intake.gathered import Gathered
from tests.factories import bars

IMAGES, LABELS = bars(4)


def array_entry(name: str, array: Any) -> Entry:
    file = io.BytesIO()
    np.save(file, np.asarray(array))
    return Entry(f"{name}.npy", file.getvalue())


def take(gathered: Gathered, **arrays: Any) -> None:
    gather_npz(gathered, [array_entry(name, one) for name, one in arrays.items()])


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ([3, 1, 3, 1], ["3", "1"]),
        (["cat", "dog", "cat", "dog"], ["cat", "dog"]),
        ([b"cat", b"dog", b"cat", b"dog"], ["cat", "dog"]),
        ([-1, 0, 1, 2], ["-1", "0", "1", "2"]),
    ],
    ids=["numbers", "words", "bytes", "signed"],
)
def test_labels_are_numbers_or_words(
    gathered: Gathered, labels: list[Any], classes: list[str]
) -> None:
    take(gathered, images=IMAGES, labels=labels)

    assert [*gathered.classes] == classes


def test_numbers_may_have_names(gathered: Gathered) -> None:
    names = ["cat", "dog", "cow", "hen"]

    take(gathered, images=IMAGES, labels=[1, 0, 3, 2], class_names=names)

    assert [*gathered.classes] == ["dog", "cat", "hen", "cow"]


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_images_may_have_channels(gathered: Gathered, channels: int) -> None:
    images = np.zeros((4, 10, 12, channels), np.uint8)

    take(gathered, images=images, labels=LABELS)

    assert gathered.sizes == {(10, 12): 4}


def test_arrays_by_columns_are_read_as_they_are_meant(gathered: Gathered) -> None:
    take(gathered, images=np.asfortranarray(IMAGES), labels=LABELS)

    assert bytes(gathered.pixels) == IMAGES.tobytes()


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"images": IMAGES}, "it has images"),
        ({}, "it has nothing"),
        (
            {"images": IMAGES, "labels": LABELS, "test_images": IMAGES},
            "no `test_labels`",
        ),
        ({"images": IMAGES.astype(float), "labels": LABELS}, "holds float64"),
        ({"images": IMAGES.astype(np.uint16), "labels": LABELS}, "is uint16"),
        ({"images": IMAGES[0], "labels": LABELS}, r"\(28, 28\)"),
        ({"images": IMAGES[:, :0], "labels": LABELS}, r"\(4, 0, 28\)"),
        ({"images": np.zeros((4, 8, 8, 2), np.uint8), "labels": LABELS}, "channels"),
        ({"images": IMAGES, "labels": LABELS[:3]}, "4 images, but labels"),
        ({"images": IMAGES, "labels": LABELS.astype(bool)}, "labels bool"),
        (
            {"images": IMAGES, "labels": LABELS, "class_names": ["a"]},
            "`class_names` does not name",
        ),
    ],
)
def test_arrays_that_do_not_go_together_are_refused(
    gathered: Gathered, arrays: dict[str, Any], reason: str
) -> None:
    with pytest.raises(UploadRefused, match=reason):
        take(gathered, **arrays)


def with_header(shape: tuple[int, ...], data: bytes, kind: str = "|u1") -> Entry:
    file = io.BytesIO()
    header = {"descr": kind, "fortran_order": False, "shape": shape}
    npy.write_array_header_1_0(file, header)
    return Entry("images.npy", file.getvalue() + data)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (with_header((10**9, 28, 28), b"x"), "has 1 bytes"),
        (with_header((-1, 28, 28), b"x"), "has 1 bytes"),
        (with_header((1,), b"x", "|U0"), "holds"),
        (Entry("images.npy", b"\x93NUMPY\x09\x00 and more"), "is not an array"),
        (Entry("images.npy", b"seven"), "is not an array"),
        (Entry("images.npy", b""), "is not an array"),
    ],
    ids=["huge", "negative", "nothing", "version", "text", "empty"],
)
def test_a_header_that_lies_is_refused(
    gathered: Gathered, entry: Entry, reason: str
) -> None:
    with pytest.raises(UploadRefused, match=reason):
        gather_npz(gathered, [entry, array_entry("labels", LABELS)])


def test_pickled_objects_are_never_read(gathered: Gathered) -> None:
    objects = array_entry("images", np.array([{}], object))

    with pytest.raises(UploadRefused, match="holds object"):
        gather_npz(gathered, [objects])


def test_idx_files_say_by_their_names_what_they_are_for(gathered: Gathered) -> None:
    entries = [
        Entry("train-images", idx_bytes(IMAGES)),
        Entry("train-labels", idx_bytes(LABELS)),
        Entry("t10k-images", idx_bytes(IMAGES[:1])),
        Entry("t10k-labels", idx_bytes(LABELS[:1])),
    ]

    gather_idx(gathered, entries)

    assert list(gathered.is_test) == [False] * 4 + [True]


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([Entry("images", idx_bytes(IMAGES))], "lacks its counterpart"),
        ([Entry("a", idx_bytes(IMAGES)), Entry("b", idx_bytes(IMAGES))], "same part"),
        ([Entry("a", idx_bytes(IMAGES)[:-1]), Entry("b", idx_bytes(LABELS))], "`?a"),
    ],
    ids=["alone", "twice", "torn"],
)
def test_idx_files_that_are_no_pair_are_refused(
    gathered: Gathered, entries: list[Entry], reason: str
) -> None:
    with pytest.raises(UploadRefused, match=reason):
        gather_idx(gathered, entries)
