"""A zip of pictures: looked over as a whole, then read entry by entry.

An entry that is not what a folder of pictures has costs the others nothing here, and
nothing is ever written under a name that stands in the zip.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from app.archives.entries import Limits
from app.archives.wary import WaryFile
from app.archives.zips import count_entries, open_zip
from app.errors import UploadRefused
from app.settings import Settings


def archive_limits(settings: Settings) -> Limits:
    return Limits(
        entries=settings.max_bulk_images,
        entry_bytes=settings.max_archive_entry_bytes,
        total_bytes=settings.max_archive_bytes,
        ratio=settings.max_archive_ratio,
    )


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[ZipFile]:
    """Open a zip once its directory is known to be of a size to read.

    Raises:
        UploadRefused: It is no zip, is torn, or has too many entries.
    """
    count_entries(path, limits)
    with path.open("rb") as file:
        archive = open_zip(WaryFile(file, limits, path.stat().st_size))
        with archive:
            yield archive


def files_of(archive: ZipFile) -> list[ZipInfo]:
    return [entry for entry in archive.infolist() if not entry.is_dir()]


def count_images(path: Path, limits: Limits) -> int:
    """Return how many files the zip holds, whatever they are.

    Raises:
        UploadRefused: It cannot be read, is empty, or unpacks to too much.
    """
    with opened(path, limits) as archive:
        entries = files_of(archive)
    if not entries:
        raise UploadRefused("The zip holds no file.")
    if sum(entry.file_size for entry in entries) > limits.total_bytes:
        raise UploadRefused(f"The zip unpacks to more than {limits.total_bytes} bytes.")
    return len(entries)
