"""Tar archives, plain or in gzip, entry by entry."""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from app.archives.entries import (
    Entry,
    Limits,
    refuse_name,
    refuse_nested,
    refuse_size,
)
from app.archives.gunzip import GZIP_MAGIC, SMALL
from app.archives.wary import WaryFile
from app.errors import ArchiveRefused, UploadRefused

READ_ERRORS = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError)
BLOCK = 512
HEADER_BYTES = 4 * BLOCK  # of an entry with extended headers


def read_tar(path: Path, limits: Limits) -> Iterator[Entry]:
    """Yield what is in a tar or tar.gz.

    Raises:
        ArchiveRefused: An entry is not what a folder of pictures has.
        UploadRefused: The whole cannot be read.
    """
    size = path.stat().st_size
    most = limits.total_bytes + limits.entries * HEADER_BYTES
    with open_plain(path) as file:
        if isinstance(file, gzip.GzipFile):
            most = min(most, max(SMALL, size * limits.ratio))
        try:
            with tarfile.open(fileobj=WaryFile(file, limits, most), mode="r:") as tar:
                yield from read_entries(tar, limits)
        except READ_ERRORS as error:
            raise UploadRefused(f"The tar archive cannot be read: {error}.") from error


def open_plain(path: Path) -> IO[bytes] | gzip.GzipFile:
    file = path.open("rb")
    is_packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    file.seek(0)
    if not is_packed:
        return file
    file.close()
    return gzip.open(path, "rb")


def read_entries(tar: tarfile.TarFile, limits: Limits) -> Iterator[Entry]:
    left, count = limits.total_bytes, 0
    while (member := tar.next()) is not None:
        vars(tar)["members"].clear()  # it would remember every one
        count += 1
        if count > limits.entries:
            raise UploadRefused(f"The archive has more than {limits.entries} entries.")
        entry = read_entry(tar, member, limits)
        left -= len(entry.data or b"")
        if left < 0:
            raise ArchiveRefused(entry.name, "is more than may be unpacked")
        yield entry


def read_entry(tar: tarfile.TarFile, member: tarfile.TarInfo, limits: Limits) -> Entry:
    name = member.name
    refuse_name(name)
    if member.issym() or member.islnk():
        raise ArchiveRefused(name, "is a link")
    if member.isdir():
        return Entry(name, None)
    if not member.isreg() or member.issparse():
        raise ArchiveRefused(name, "is neither a file nor a folder")
    refuse_size(name, member.size, limits)
    data = read_data(tar, member)
    if len(data) != member.size:
        raise ArchiveRefused(name, "is not as long as it claims")
    refuse_nested(name, data)
    return Entry(name, data)


def read_data(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    try:
        file = tar.extractfile(member)
        return b"" if file is None else file.read()
    except UploadRefused as error:
        raise ArchiveRefused(member.name, "unpacks to more than it may") from error
    except READ_ERRORS as error:
        raise ArchiveRefused(member.name, f"cannot be read ({error})") from error
