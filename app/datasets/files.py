"""Whole files: read packed or plain, written beside their name and renamed."""

import gzip
import zlib
from pathlib import Path
from uuid import uuid4

from app.errors import DatasetUnavailable

GZIP_MAGIC = b"\x1f\x8b"


def unpack(content: bytes, name: str) -> bytes:
    """Undo gzip if there is any.

    The content decides, not the suffix: browsers and servers unpack `.gz` files
    on the way and keep the name.
    """
    if not content.startswith(GZIP_MAGIC):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetUnavailable(f"{name} is damaged: {error}") from error


def write_file(path: Path, content: bytes) -> None:
    """Give path its content in one step, so that nobody ever sees half a file."""
    partial = path.with_name(f".{path.name}.{uuid4().hex}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def remove_partial_files(directory: Path) -> None:
    """Remove what a killed process left behind."""
    for partial in directory.glob(".*.partial"):
        partial.unlink(missing_ok=True)
