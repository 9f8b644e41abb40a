"""Files of every form become images; what is none is named."""

import gzip
import io
import tarfile
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.archives import Limits
from app.datasets.idx import idx_bytes
from app.errors import ArchiveRefused, UploadRefused
from app.intake.gather import gather
from app.intake.gathered import Gathered
from tests.factories import bars, encoded

LIMITS = Limits(entries=50, entry_bytes=100_000, total_bytes=1_000_000, ratio=100)
MOST_PIXELS = 10_000


def picture(level: int = 9) -> bytes:
    return encoded(Image.new("L", (20, 20), level))


def zipped(**entries: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


def take(gathered: Gathered, folder: Path, **files: bytes) -> None:
    staged = []
    for place, (name, data) in enumerate(files.items()):
        (folder / str(place)).write_bytes(data)
        staged.append((name, folder / str(place)))
    gather(gathered, staged, LIMITS, MOST_PIXELS)


def test_a_tar_is_read_as_a_zip_is(gathered: Gathered, tmp_path: Path) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name in ("train/a/1.png", "test/b/1.png"):
            info = tarfile.TarInfo(name)
            info.size = len(picture())
            archive.addfile(info, io.BytesIO(picture()))

    take(gathered, tmp_path, **{"any.tgz": file.getvalue()})

    assert gathered.classes == {"a": 0, "b": 1}
    assert list(gathered.is_test) == [False, True]


def test_what_is_no_picture_is_named_and_the_others_are_taken(
    gathered: Gathered, tmp_path: Path
) -> None:
    huge = encoded(Image.new("L", (200, 200)))
    entries = {
        "a/1.png": picture(),
        "a/notes.txt": b"seven",
        "a/torn.png": picture()[:40],
        "a/huge.png": huge,
        "root.png": picture(),
        "__MACOSX/a/._1.png": b"litter",
    }

    take(gathered, tmp_path, **{"any.zip": zipped(**entries)})

    assert gathered.files == ["a/1.png"]
    assert {one.file for one in gathered.unreadable} == {
        "a/notes.txt",
        "a/torn.png",
        "a/huge.png",
        "root.png",
    }
    assert "no folder of a class" in gathered.unreadable[-1].reason


def test_a_size_that_only_the_header_claims_is_not_decoded(
    gathered: Gathered, tmp_path: Path
) -> None:
    bomb = bytearray(picture())
    bomb[16:24] = (50_000).to_bytes(4, "big") * 2
    bomb[29:33] = zlib.crc32(bomb[12:29]).to_bytes(4, "big")  # or it would be torn

    take(gathered, tmp_path, **{"any.zip": zipped(**{"a/bomb.png": bytes(bomb)})})

    [refused] = gathered.unreadable
    assert refused.file == "a/bomb.png"
    assert "more pixels" in refused.reason


def test_an_empty_folder_is_a_class_without_images(
    gathered: Gathered, tmp_path: Path
) -> None:
    entries = {"data/": b"", "data/a/": b"", "data/a/1.png": picture(), "data/b/": b""}

    take(gathered, tmp_path, **{"any.zip": zipped(**entries)})

    assert gathered.classes == {"a": 0, "b": 1}
    assert len(gathered.labels) == 1


def test_idx_files_may_lie_in_an_archive_and_in_gzip(
    gathered: Gathered, tmp_path: Path
) -> None:
    images, labels = bars(20)
    entries = {
        "x/train-images-idx3-ubyte.gz": gzip.compress(idx_bytes(images)),
        "x/train-labels-idx1-ubyte.gz": gzip.compress(idx_bytes(labels)),
        "x/t10k-images-idx3-ubyte": idx_bytes(images[:3]),
        "x/t10k-labels-idx1-ubyte": idx_bytes(labels[:3]),
    }

    take(gathered, tmp_path, **{"any.zip": zipped(**entries)})

    assert len(gathered.labels) == 23
    assert sum(gathered.is_test) == 3
    assert gathered.pixels[:784] == images[0].tobytes()


def test_a_fifth_idx_file_is_refused(gathered: Gathered, tmp_path: Path) -> None:
    entries = {str(number): idx_bytes(np.zeros(1, np.uint8)) for number in range(5)}

    with pytest.raises(UploadRefused, match="more than 4 IDX files"):
        take(gathered, tmp_path, **{"any.zip": zipped(**entries)})


def test_an_entry_that_is_a_bomb_in_gzip_is_named(
    gathered: Gathered, tmp_path: Path
) -> None:
    bomb = gzip.compress(bytes(LIMITS.entry_bytes + 1))

    with pytest.raises(ArchiveRefused, match=r"a/bomb\.gz"):
        take(gathered, tmp_path, **{"any.zip": zipped(**{"a/bomb.gz": bomb})})


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    gathered: Gathered, tmp_path: Path
) -> None:
    with pytest.raises(UploadRefused, match=r"`a\.idx` has more than 100000 bytes"):
        take(gathered, tmp_path, **{"a.idx": bytes(LIMITS.entry_bytes + 1)})


def test_of_an_npz_the_arrays_are_taken(gathered: Gathered, tmp_path: Path) -> None:
    images, labels = bars(12)
    file = io.BytesIO()
    np.savez_compressed(
        file,
        images=images,
        labels=labels,
        test_images=images[:2],
        test_labels=labels[:2],
    )

    take(gathered, tmp_path, **{"a.NPZ": file.getvalue()})

    assert len(gathered.labels) == 14
    assert sum(gathered.is_test) == 2
