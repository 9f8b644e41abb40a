"""Zips as honest and as hostile people make them."""

import struct
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from PIL import Image

from tests.factories import bars, encoded

IMAGES = [encoded(Image.fromarray(image)) for image in bars(10)[0]]
SIZE_IN_DIRECTORY = 24  # of an entry's record: the size that it claims to unpack to
DIRECTORY_ENTRY = b"PK\x01\x02"


def zipped(files: dict[str, bytes], method: int = ZIP_STORED) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(ZipInfo(name), data, compress_type=method)
    return written.getvalue()


def digits(count: int) -> dict[str, bytes]:
    return {f"{place:05}.png": IMAGES[place % 10] for place in range(count)}


def with_flag(archive: bytes, flag: int) -> bytes:
    """Set a flag of the first entry in the directory."""
    place = archive.index(DIRECTORY_ENTRY) + 8
    return archive[:place] + struct.pack("<H", flag) + archive[place + 2 :]


def lying(files: dict[str, bytes], size: int) -> bytes:
    """Let the first entry claim a size."""
    archive = zipped(files, ZIP_DEFLATED)
    place = archive.index(DIRECTORY_ENTRY) + SIZE_IN_DIRECTORY
    return archive[:place] + struct.pack("<L", size) + archive[place + 4 :]
