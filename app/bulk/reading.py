"""Entries of a zip to what a network will see, a part ahead of the network."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from zipfile import ZipFile, ZipInfo

from app.archives.entries import Limits
from app.archives.zips import read_entry
from app.errors import ImageRefused, UploadRefused
from app.spec import ImageShape
from app.vision.decoding import decode_image
from app.vision.reading import Mode, Reading, read_picture

PART = 256  # entries; some thirty milliseconds of work lost when a process dies

Seen = Reading | ImageRefused | UploadRefused


class Stopped(Exception):
    """Nobody wants the rest."""


@dataclass(frozen=True)
class PartSeen:
    """Consecutive entries, and what each shows."""

    first: int
    names: list[str]
    seen: list[Seen]


@dataclass(frozen=True)
class Source:
    """An open archive and how its pictures are to be read."""

    archive: ZipFile
    limits: Limits
    max_pixels: int
    mode: Mode
    shape: ImageShape

    def see(self, entry: ZipInfo) -> Seen:
        try:
            data = read_entry(self.archive, entry, self.limits).data or b""
            image = decode_image(data, self.max_pixels)
            return read_picture(image, self.mode, self.shape)
        except (ImageRefused, UploadRefused) as refusal:
            return refusal


def read_ahead(
    source: Source, entries: Sequence[ZipInfo], first: int, stop: Event
) -> Iterator[Future[PartSeen]]:
    """Yield each part as it begins to be read, and begin the next meanwhile.

    The network computes without the interpreter, so the two take turns on two cores.
    """
    halt = Event()

    def read(start: int) -> PartSeen:
        part, seen = entries[start : start + PART], []
        for entry in part:
            if stop.is_set() or halt.is_set():
                raise Stopped
            seen.append(source.see(entry))
            time.sleep(0)  # an event loop that waits for the interpreter goes first
        return PartSeen(start, [entry.filename for entry in part], seen)

    with ThreadPoolExecutor(1, "bulk-reader") as pool:
        try:
            ahead = pool.submit(read, first)
            for start in range(first + PART, len(entries), PART):
                current, ahead = ahead, pool.submit(read, start)
                yield current
            yield ahead
        finally:
            halt.set()
