"""From staged files to gathered images, whatever form they have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.archives import (
    GZIP_MAGIC,
    Entry,
    Limits,
    gunzip,
    is_archive,
    read_archive,
)
from app.errors import ImageRefused, UploadRefused
from app.intake.arrays import gather_idx, gather_npz, is_idx
from app.intake.gathered import Gathered
from app.intake.layout import is_litter, place_of
from app.vision.decoding import decode_image

NPZ, NPY = ".npz", ".npy"
MOST_IDX_FILES = 4


@dataclass
class Folders:
    """Which folders there are, and which of them hold anything."""

    named: set[str] = field(default_factory=set)
    occupied: set[str] = field(default_factory=set)

    def see(self, entry: Entry) -> None:
        name = entry.name.rstrip("/")
        if entry.data is None:
            self.named.add(name)
        above = name.rpartition("/")[0]
        while above and above not in self.occupied:
            self.occupied.add(above)
            above = above.rpartition("/")[0]

    def empty(self) -> list[str]:
        return sorted(
            name for name in self.named - self.occupied if not is_litter(name)
        )


def gather(
    gathered: Gathered,
    staged: Sequence[tuple[str, Path]],
    limits: Limits,
    max_pixels: int,
) -> None:
    """Read files by the names that the client gave them.

    Raises:
        UploadRefused: They are no dataset, or more than one may be.
    """
    if len(staged) == 1 and staged[0][0].lower().endswith(NPZ):
        entries = read_archive(staged[0][1], limits)
        gather_npz(gathered, [entry for entry in entries if entry.name.endswith(NPY)])
        return
    idx: list[Entry] = []
    folders = Folders()
    for packed in all_entries(staged, limits):
        folders.see(packed)
        entry = unpacked(packed, limits)
        if entry.data is not None and is_idx(entry.data):
            keep_idx(idx, entry)
        elif not is_litter(entry.name):
            gather_file(gathered, entry, max_pixels)
    gather_idx(gathered, idx)
    for place in filter(None, map(place_of, folders.empty())):
        gathered.add_class(place.class_name)


def unpacked(entry: Entry, limits: Limits) -> Entry:
    if entry.data is None or not entry.data.startswith(GZIP_MAGIC):
        return entry
    return Entry(entry.name, gunzip(entry.name, entry.data, limits))


def keep_idx(idx: list[Entry], entry: Entry) -> None:
    if len(idx) == MOST_IDX_FILES:
        raise UploadRefused(f"There are more than {MOST_IDX_FILES} IDX files.")
    idx.append(entry)


def all_entries(staged: Sequence[tuple[str, Path]], limits: Limits) -> Iterator[Entry]:
    """Yield the entries of archives, and other files as they are."""
    for name, path in staged:
        if is_archive(path):
            yield from read_archive(path, limits)
        elif path.stat().st_size > limits.entry_bytes:
            raise UploadRefused(f"`{name}` has more than {limits.entry_bytes} bytes.")
        else:
            yield Entry(name, path.read_bytes())


def gather_file(gathered: Gathered, entry: Entry, max_pixels: int) -> None:
    """Take an image in the folder of its class, or note why it is none."""
    if entry.data is None:
        return
    place = place_of(entry.name.rpartition("/")[0])
    if place is None:
        gathered.refuse(entry.name, "It lies in no folder of a class.")
        return
    gathered.add_class(place.class_name)
    try:
        image = decode_image(entry.data, max_pixels)
    except ImageRefused as error:
        gathered.refuse(entry.name, str(error))
        return
    gathered.add(entry.name, place.class_name, image, is_test=place.is_test)
