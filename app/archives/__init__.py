"""Archives from strangers: read entry by entry, never unpacked to disk."""

from app.archives.entries import Entry, Limits
from app.archives.gunzip import GZIP_MAGIC, gunzip
from app.archives.reader import is_archive, read_archive

__all__ = [
    "GZIP_MAGIC",
    "Entry",
    "Limits",
    "gunzip",
    "is_archive",
    "read_archive",
]
