"""A wary file gives parsers what they need, and no more."""

import io
from gzip import GzipFile

import pytest

from app.archives import Limits
from app.archives.wary import WaryFile
from app.errors import UploadRefused

LIMITS = Limits(entries=1, entry_bytes=10, total_bytes=100, ratio=1)


def wary(data: bytes, most: int = 20) -> WaryFile:
    return WaryFile(io.BytesIO(data), LIMITS, most)


def test_what_is_small_may_be_read_to_its_end() -> None:
    file = wary(b"0123456789")

    assert file.read() == b"0123456789"
    assert file.tell() == 10


@pytest.mark.parametrize("size", [-1, 11, 10**12])
def test_what_is_large_is_not_read_at_a_stretch(size: int) -> None:
    with pytest.raises(UploadRefused, match="directory that is too large"):
        wary(bytes(11)).read(size)


def test_a_place_that_is_too_far_is_not_gone_to() -> None:
    file = wary(bytes(30))

    assert file.seek(20) == 20
    with pytest.raises(UploadRefused, match="more than 20 bytes"):
        file.seek(21)


def test_a_stream_that_goes_on_is_ended() -> None:
    file = wary(bytes(30))
    file.seek(15)

    with pytest.raises(UploadRefused, match="more than 20 bytes"):
        file.read(10)


def test_what_seeks_from_the_end_is_the_parsers_own_business() -> None:
    file = wary(bytes(30))

    assert file.seek(-3, 2) == 27
    assert file.seekable()


def test_nothing_is_ever_written() -> None:
    file = wary(b"")

    with pytest.raises(UploadRefused, match="only read"):
        file.write(b"x")
    file.close()


def test_a_packed_file_is_counted_by_what_it_unpacks_to() -> None:
    packed = io.BytesIO()
    with GzipFile(fileobj=packed, mode="wb") as file:
        file.write(bytes(30))
    packed.seek(0)
    unpacked = WaryFile(GzipFile(fileobj=packed), LIMITS, 20)
    unpacked.read(10)
    unpacked.read(10)

    with pytest.raises(UploadRefused, match="more than 20 bytes"):
        unpacked.read(1)
