"""gzip, undone up to a number of bytes."""

import zlib

from app.archives.entries import Limits, refuse_size
from app.errors import ArchiveRefused

GZIP_MAGIC = b"\x1f\x8b"
WITH_GZIP_HEADER = 31
SMALL = 2**20  # text of a megabyte may well be a thousand times smaller


def gunzip(name: str, data: bytes, limits: Limits) -> bytes:
    """Return what gzip packed.

    Raises:
        ArchiveRefused: It is damaged, or unpacks to more than it may.
    """
    unpacker = zlib.decompressobj(WITH_GZIP_HEADER)
    try:
        unpacked = unpacker.decompress(data, limits.entry_bytes + 1)
    except zlib.error as error:
        raise ArchiveRefused(name, f"is damaged ({error})") from error
    refuse_size(name, len(unpacked), limits)
    if not unpacker.eof:
        raise ArchiveRefused(name, "ends early")
    refuse_ratio(name, len(unpacked), len(data), limits)
    return unpacked


def refuse_ratio(name: str, unpacked: int, packed: int, limits: Limits) -> None:
    if unpacked > SMALL and unpacked > packed * limits.ratio:
        raise ArchiveRefused(name, f"unpacks to over {limits.ratio} times its size")
