"""An archive of either kind, known by its first bytes and not by its name."""

from collections.abc import Iterator
from pathlib import Path

from app.archives.entries import TAR_MAGIC, TAR_MAGIC_AT, ZIP_MAGIC, Entry, Limits
from app.archives.gunzip import GZIP_MAGIC
from app.archives.tars import BLOCK, open_plain, read_tar
from app.archives.zips import read_zip

EMPTY_ZIP = b"PK\x05\x06"


def is_archive(path: Path) -> bool:
    """Say whether a file is a zip, a tar or a tar.gz; a gzip may hold anything."""
    with path.open("rb") as file:
        start = file.read(BLOCK)
    if start.startswith((ZIP_MAGIC, EMPTY_ZIP)):
        return True
    if start.startswith(GZIP_MAGIC):
        start = first_block(path)
    return start[TAR_MAGIC_AT : TAR_MAGIC_AT + len(TAR_MAGIC)] == TAR_MAGIC


def first_block(path: Path) -> bytes:
    try:
        with open_plain(path) as file:
            return file.read(BLOCK)
    except (OSError, EOFError):
        return b""


def read_archive(path: Path, limits: Limits) -> Iterator[Entry]:
    """Yield the entries in their order in the archive; see read_zip and read_tar."""
    with path.open("rb") as file:
        start = file.read(len(ZIP_MAGIC))
    read = read_zip if start in (ZIP_MAGIC, EMPTY_ZIP) else read_tar
    yield from read(path, limits)
