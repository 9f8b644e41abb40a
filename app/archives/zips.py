"""Zip archives, entry by entry."""

import mmap
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from app.archives.entries import (
    Entry,
    Limits,
    refuse_name,
    refuse_nested,
    refuse_size,
)
from app.archives.gunzip import refuse_ratio
from app.archives.wary import WaryFile
from app.errors import ArchiveRefused, UploadRefused

ENCRYPTED, UTF8 = 0x1, 0x800
DIRECTORY_ENTRY = b"PK\x01\x02"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MODE_SHIFT = 16
KINDS = (0, stat.S_IFREG, stat.S_IFDIR)
READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)


def read_zip(path: Path, limits: Limits) -> Iterator[Entry]:
    """Yield what is in a zip; every promise of its directory is checked.

    Raises:
        ArchiveRefused: An entry is not what a folder of pictures has.
        UploadRefused: The whole cannot be read.
    """
    count_entries(path, limits)
    with path.open("rb") as file:
        wary = WaryFile(file, limits, path.stat().st_size)
        with open_zip(wary) as archive:
            left = limits.total_bytes
            for info in archive.infolist():
                entry = read_entry(archive, info, limits)
                left -= len(entry.data or b"")
                if left < 0:
                    raise ArchiveRefused(entry.name, "is more than may be unpacked")
                yield entry


def count_entries(path: Path, limits: Limits) -> None:
    """Refuse too many entries before a parser makes an object of each."""
    if path.stat().st_size == 0:
        raise UploadRefused("The archive is empty.")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as m:
        count, place = 0, m.find(DIRECTORY_ENTRY)
        while place >= 0 and count <= limits.entries:
            count, place = count + 1, m.find(DIRECTORY_ENTRY, place + 4)
    if count > limits.entries:
        raise UploadRefused(f"The archive has more than {limits.entries} entries.")


def open_zip(file: WaryFile) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except UnicodeDecodeError as error:
        name = bytes(error.object).decode("latin-1")
        raise ArchiveRefused(name, "has a name that is not UTF-8") from error
    except (*READ_ERRORS, NotImplementedError, MemoryError) as error:
        raise UploadRefused(f"The zip archive cannot be read: {error}.") from error


def read_entry(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits
) -> Entry:
    name = name_of(info)
    refuse_name(name)
    refuse_kind(name, info)
    if info.is_dir():
        return Entry(name, None)
    refuse_size(name, info.file_size, limits)
    refuse_ratio(name, info.file_size, info.compress_size, limits)
    try:
        with archive.open(info) as file:
            data = file.read(limits.entry_bytes + 1)
    except (*READ_ERRORS, NotImplementedError, RuntimeError) as error:
        raise ArchiveRefused(name, f"cannot be read ({error})") from error
    if len(data) != info.file_size:
        raise ArchiveRefused(name, "is not as long as it claims")
    refuse_nested(name, data)
    return Entry(name, data)


def name_of(info: zipfile.ZipInfo) -> str:
    """Return the name; many write UTF-8 without saying so, others code page 437."""
    if info.orig_filename != info.filename and "\x00" in info.orig_filename:
        raise ArchiveRefused(info.orig_filename, "has a name that cannot be shown")
    if info.flag_bits & UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def refuse_kind(name: str, info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> MODE_SHIFT)
    if kind == stat.S_IFLNK:
        raise ArchiveRefused(name, "is a link")
    if kind not in KINDS:
        raise ArchiveRefused(name, "is neither a file nor a folder")
    if info.flag_bits & ENCRYPTED:
        raise ArchiveRefused(name, "is encrypted")
    if info.compress_type not in METHODS:
        raise ArchiveRefused(name, "is compressed in an unusual way")
