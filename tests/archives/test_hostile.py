"""Archives that mean harm are refused, with the name of the entry."""

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.archives import Limits, gunzip, is_archive, read_archive
from app.errors import ArchiveRefused, UploadRefused

LIMITS = Limits(entries=5, entry_bytes=3_000_000, total_bytes=4_000_000, ratio=100)


def zipped(path: Path, *entries: tuple[zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in entries:
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def tarred(
    path: Path, *entries: tuple[tarfile.TarInfo, bytes], mode: str = "w"
) -> Path:
    with tarfile.open(path, "w:gz" if mode == "gz" else "w") as archive:
        for info, data in entries:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def named(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name)


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def special(kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo("bad.png")
    info.type, info.linkname = kind, "/etc/passwd"
    return info


def refused_entry(path: Path) -> str:
    with pytest.raises(ArchiveRefused) as caught:
        list(read_archive(path, LIMITS))
    return caught.value.entry


@pytest.mark.parametrize(
    "name",
    ["../bad.png", "a/../../bad.png", "/etc/bad.png", "C:/bad.png", "a\\bad.png"],
    ids=["traversal", "inner_traversal", "absolute", "drive", "backslash"],
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_name_that_leads_elsewhere(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / "bad"
    if kind == "zip":
        zipped(path, (named(name), b"x"))
    else:
        tarred(path, (tarfile.TarInfo(name), b"x"))

    assert refused_entry(path) == name
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "make",
    [
        lambda path: zipped(path, (link("bad.png"), b"/etc/passwd")),
        lambda path: tarred(path, (special(tarfile.SYMTYPE), b"")),
        lambda path: tarred(path, (special(tarfile.LNKTYPE), b"")),
        lambda path: tarred(path, (special(tarfile.CHRTYPE), b"")),
    ],
    ids=["zip_link", "symbolic_link", "hard_link", "device"],
)
def test_what_is_no_file(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    assert refused_entry(make(tmp_path / "bad")) == "bad.png"


def test_an_entry_that_is_packed_too_well(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bad", (named("bad.png"), bytes(2_000_000)))

    assert refused_entry(path) == "bad.png"


def test_a_packed_tar_that_unpacks_to_too_much(tmp_path: Path) -> None:
    path = tarred(
        tmp_path / "bad", (tarfile.TarInfo("bad.png"), bytes(2_900_000)), mode="gz"
    )

    assert refused_entry(path) == "bad.png"


def test_more_bytes_than_one_entry_may_have(tmp_path: Path) -> None:
    path = tarred(tmp_path / "bad", (tarfile.TarInfo("bad.png"), bytes(3_000_001)))

    assert refused_entry(path) == "bad.png"


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_more_bytes_than_all_may_have(tmp_path: Path, kind: str) -> None:
    noise = bytes(range(256)) * 8_000  # stored: no ratio to refuse it by
    path = tmp_path / "bad"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(2):
                archive.writestr(f"{number}.png", noise)
    else:
        entries = [(tarfile.TarInfo(f"{number}.png"), noise) for number in range(2)]
        tarred(path, *entries)

    assert refused_entry(path) == "1.png"


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_too_many_entries(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bad"
    if kind == "zip":
        zipped(path, *[(named(f"{number}.png"), b"x") for number in range(6)])
    else:
        tarred(path, *[(tarfile.TarInfo(f"{n}.png"), b"x") for n in range(6)])

    with pytest.raises(UploadRefused, match="more than 5 entries"):
        list(read_archive(path, LIMITS))


def test_an_archive_in_an_archive(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner", (named("a.png"), b"x")).read_bytes()
    path = zipped(tmp_path / "bad", (named("bad.png"), inner))

    assert refused_entry(path) == "bad.png"


def test_a_tar_in_a_zip(tmp_path: Path) -> None:
    inner = tarred(tmp_path / "inner", (tarfile.TarInfo("a.png"), b"x")).read_bytes()
    path = zipped(tmp_path / "bad", (named("bad.png"), inner))

    assert refused_entry(path) == "bad.png"


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_an_archive_in_a_tar(tmp_path: Path, kind: str) -> None:
    inner = tmp_path / "inner"
    if kind == "zip":
        zipped(inner, (named("a.png"), b"x"))
    else:
        tarred(inner, (tarfile.TarInfo("a.png"), b"x"))
    path = tarred(tmp_path / "bad", (tarfile.TarInfo("bad.png"), inner.read_bytes()))

    assert refused_entry(path) == "bad.png"


@pytest.mark.parametrize("claimed", [3_000_001, 2**32 - 2], ids=["more", "gigabytes"])
def test_a_size_that_lies_upwards_makes_no_room(tmp_path: Path, claimed: int) -> None:
    path = zipped(tmp_path / "bad", (named("bad.png"), b"seven" * 100))
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = claimed.to_bytes(4, "little")
    path.write_bytes(raw)

    assert refused_entry(path) == "bad.png"


def test_a_tar_that_claims_more_than_it_has(tmp_path: Path) -> None:
    path = tarred(tmp_path / "bad", (tarfile.TarInfo("bad.png"), b"seven"))
    info = tarfile.TarInfo("bad.png")
    info.size = 2_000_000
    path.write_bytes(info.tobuf() + b"seven")

    assert refused_entry(path) == "bad.png"


def test_entries_that_share_their_bytes(tmp_path: Path) -> None:
    """As in the zips that are gigabytes for a few kilobytes of one kernel."""
    entries = [(named(name), b"seven" * 99) for name in ("1.png", "2.png")]
    path = zipped(tmp_path / "bad", *entries)
    raw = bytearray(path.read_bytes())
    second = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
    raw[second + 42 : second + 46] = bytes(4)  # where the first one begins
    path.write_bytes(raw)

    assert refused_entry(path) in {"1.png", "2.png"}


def test_a_way_of_packing_that_nobody_needs(tmp_path: Path) -> None:
    path = tmp_path / "bad"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("bad.png", b"seven" * 100)

    assert refused_entry(path) == "bad.png"


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFBLK])
def test_what_is_no_file_in_a_zip(tmp_path: Path, kind: int) -> None:
    info = named("bad.png")
    info.external_attr = (kind | 0o666) << 16

    assert refused_entry(zipped(tmp_path / "bad", (info, b"x"))) == "bad.png"


def test_a_name_that_ends_early(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bad", (named("a_b.png"), b"x"))
    path.write_bytes(path.read_bytes().replace(b"a_b.png", b"a\x00b.png"))

    assert refused_entry(path).startswith("a")


@pytest.mark.parametrize("name", [".", "./", "a/..", "..", "//"])
def test_a_name_of_dots(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "bad", (named(name), b"x"))

    assert refused_entry(path) == name


def test_an_archive_without_a_byte(tmp_path: Path) -> None:
    path = tmp_path / "bad"
    path.write_bytes(b"")

    assert not is_archive(path)
    with pytest.raises(UploadRefused):
        list(read_archive(path, LIMITS))


def test_a_torn_gzip_is_refused(tmp_path: Path) -> None:
    path = tarred(tmp_path / "bad", (tarfile.TarInfo("1.png"), b"x" * 9999), mode="gz")
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(UploadRefused):
        list(read_archive(path, LIMITS))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(bytes(100))[:-9], "ends early"),
        (b"\x1f\x8b and nothing else", "is damaged"),
        (gzip.compress(bytes(2_000_000)), "over 100 times"),
    ],
    ids=["early", "damaged", "ratio"],
)
def test_a_gzip_that_means_harm_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(ArchiveRefused, match=reason) as caught:
        gunzip("bad.gz", data, LIMITS)

    assert caught.value.entry == "bad.gz"


def test_a_size_that_lies(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bad", (named("bad.png"), b"seven" * 100))
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = (50).to_bytes(4, "little")
    path.write_bytes(raw)

    assert refused_entry(path) == "bad.png"


def test_an_encrypted_entry(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bad", (named("bad.png"), b"seven"))
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)

    assert refused_entry(path) == "bad.png"


@pytest.mark.parametrize("name", ["a\nb.png", "a\u202eb.png", "x" * 1100])
def test_a_name_that_cannot_be_shown(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "bad", (named(name), b"x"))

    assert refused_entry(path).isascii()


def test_a_tar_name_that_is_no_utf8(tmp_path: Path) -> None:
    path = tarred(tmp_path / "bad", (tarfile.TarInfo("b\udcffd.png"), b"x"))

    assert refused_entry(path) == "b\\udcffd.png"


def test_a_zip_name_that_claims_to_be_utf8(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bad", (named("\u00e9.png"), b"x"))
    path.write_bytes(path.read_bytes().replace("\u00e9".encode(), b"\xff\xfe"))

    assert refused_entry(path).endswith(".png")


def test_a_damaged_archive_is_refused_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "bad"
    path.write_bytes(b"PK\x03\x04 and nothing else")

    with pytest.raises(UploadRefused, match="cannot be read"):
        list(read_archive(path, LIMITS))


def test_gzip_is_undone_up_to_its_limit() -> None:
    small = Limits(entries=1, entry_bytes=10, total_bytes=10, ratio=1)
    with pytest.raises(ArchiveRefused, match="more than 10 bytes"):
        gunzip("a.gz", gzip.compress(bytes(11)), small)


def test_what_is_well_formed_is_read_in_its_order(tmp_path: Path) -> None:
    path = zipped(tmp_path / "good", (named("b/"), b""), (named("b/1.png"), b"1"))

    entries = [(entry.name, entry.data) for entry in read_archive(path, LIMITS)]

    assert is_archive(path)
    assert entries == [("b/", None), ("b/1.png", b"1")]
