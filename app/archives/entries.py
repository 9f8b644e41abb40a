"""What stands in an archive, and what may not."""

import posixpath
import re
from dataclasses import dataclass

from app.errors import ArchiveRefused

LONGEST_NAME = 1024
DRIVE = re.compile("[A-Za-z]:")
ZIP_MAGIC = b"PK\x03\x04"
TAR_MAGIC, TAR_MAGIC_AT = b"ustar", 257


@dataclass(frozen=True)
class Limits:
    """How much an archive may hold."""

    entries: int
    entry_bytes: int
    total_bytes: int
    ratio: int


@dataclass(frozen=True)
class Entry:
    """A file with all its bytes, or a folder with None."""

    name: str
    data: bytes | None


def refuse_name(name: str) -> None:
    """Refuse a name that leads out of its folder, or that no folder has.

    Nothing is ever written under such a name; but who sends one means no good.
    """
    if name.startswith(("/", "\\")) or DRIVE.match(name):
        raise ArchiveRefused(name, "has an absolute path")
    if "\\" in name:
        raise ArchiveRefused(name, "has a backslash in its name")
    if ".." in name.split("/"):
        raise ArchiveRefused(name, "leads out of the archive's folder")
    if len(name) > LONGEST_NAME:
        raise ArchiveRefused(name[:LONGEST_NAME], "has too long a name")
    if not name.isprintable() or not posixpath.normpath(name).strip("."):
        raise ArchiveRefused(name, "has a name that cannot be shown")


def refuse_nested(name: str, data: bytes) -> None:
    """Refuse an archive in an archive, whatever it is called."""
    is_tar = data[TAR_MAGIC_AT : TAR_MAGIC_AT + len(TAR_MAGIC)] == TAR_MAGIC
    if data.startswith(ZIP_MAGIC) or is_tar:
        raise ArchiveRefused(name, "is an archive itself")


def refuse_size(name: str, size: int, limits: Limits) -> None:
    if size > limits.entry_bytes:
        raise ArchiveRefused(name, f"has more than {limits.entry_bytes} bytes")
