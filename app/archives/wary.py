"""A file that counts what is read of it, and refuses to be read at a stretch."""

from gzip import GzipFile
from typing import IO

from app.archives.entries import Limits
from app.errors import UploadRefused


class WaryFile:
    """A view of a file for parsers that believe every size they are told.

    `position` may grow to most_bytes, which ends a packed stream that never ends.
    """

    def __init__(
        self, file: IO[bytes] | GzipFile, limits: Limits, most_bytes: int
    ) -> None:
        self._file = file
        self._limits = limits
        self._most_bytes = most_bytes

    def read(self, size: int = -1) -> bytes:
        most = self._limits.entry_bytes
        # What asks for all that is left gets it if that is little.
        data = self._file.read(size if 0 <= size <= most else most + 1)
        if len(data) > most:
            raise UploadRefused("The archive has a directory that is too large.")
        self._demand_place(self._file.tell())
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence == 0:
            self._demand_place(offset)
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()

    def write(self, _data: bytes) -> int:
        raise UploadRefused("An archive is only read.")

    def _demand_place(self, place: int) -> None:
        if place > self._most_bytes:
            raise UploadRefused(
                f"The archive unpacks to more than {self._most_bytes} bytes."
            )
