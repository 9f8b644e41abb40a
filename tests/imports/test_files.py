"""Of the files sent, weights and card are taken; a pickle never."""

import io
import pickle
import zipfile
from pathlib import Path

import pytest
import torch

from app.errors import ArchiveRefused, UploadRefused
from app.imports.files import read_files

PICKLE = pickle.dumps({"weight": 1})


def staged(folder: Path, **files: bytes) -> list[tuple[str, Path]]:
    """Put files where an upload has them: named by their places."""
    found = []
    for place, (name, data) in enumerate(files.items()):
        path = folder / str(place)
        path.write_bytes(data)
        found.append((name.replace("__", "."), path))
    return found


def zipped(**entries: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "."), data)
    return file.getvalue()


def test_files_are_known_by_their_endings(tmp_path: Path) -> None:
    files = read_files(staged(tmp_path, a__SafeTensors=b"w", b__json=b"{}"))

    assert (files.weights, files.card) == (b"w", b"{}")


def test_a_card_is_not_needed(tmp_path: Path) -> None:
    assert read_files(staged(tmp_path, a__safetensors=b"w")).card is None


def test_an_export_has_files_that_are_passed_over(tmp_path: Path) -> None:
    export = zipped(
        model__safetensors=b"w",
        architecture__json=b"{}",
        card__json=b"card",
        metrics__json=b"{}",
        predict__py=b"raise SystemExit",
    )

    files = read_files(staged(tmp_path, any=export))

    assert (files.weights, files.card) == (b"w", b"card")


def test_what_torch_saves_is_a_pickle_under_any_name(tmp_path: Path) -> None:
    file = io.BytesIO()
    torch.save({"weight": torch.zeros(1)}, file)

    with pytest.raises(ArchiveRefused, match=r"data\.pkl` is a pickle"):
        read_files(staged(tmp_path, model__safetensors=file.getvalue()))


@pytest.mark.parametrize("name", ["model__pt", "model__pth", "model__pkl", "a__ckpt"])
def test_a_pickle_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(UploadRefused, match="is a pickle"):
        read_files(staged(tmp_path, **{name: zipped(a__txt=b"x")}))


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_refused_by_its_first_bytes(tmp_path: Path, protocol: int) -> None:
    data = pickle.dumps({"weight": 1}, protocol)

    with pytest.raises(UploadRefused, match="is a pickle"):
        read_files(staged(tmp_path, model__safetensors=data))


def test_a_header_whose_length_looks_like_a_pickle_is_none(tmp_path: Path) -> None:
    data = (0x0280).to_bytes(8, "little") + b"{" + b" " * 0x27F

    assert read_files(staged(tmp_path, a__safetensors=data)).weights == data


@pytest.mark.parametrize(
    ("entries", "name", "reason"),
    [
        ({"../a__json": b"{}"}, "../a.json", "leads out"),
        ({"/a__json": b"{}"}, "/a.json", "absolute"),
        ({"a__safetensors": zipped(b=b"")}, "a.safetensors", "archive itself"),
        ({"a__json": PICKLE}, "a.json", "is a pickle"),
        ({"model__onnx": b"x"}, "model.onnx", "format=safetensors"),
        ({"model__pt2": b"x"}, "model.pt2", "format=safetensors"),
        ({"run__sh": b"x"}, "run.sh", "neither weights"),
        ({"a__json": bytes(2**21)}, "a.json", "over 200 times"),
    ],
    ids=["out", "absolute", "nested", "pickle", "onnx", "pt2", "other", "bomb"],
)
def test_a_zip_with_tricks_is_refused_by_its_entry(
    tmp_path: Path, entries: dict[str, bytes], name: str, reason: str
) -> None:
    files = staged(tmp_path, any__zip=zipped(**entries))

    with pytest.raises(ArchiveRefused, match=reason) as refused:
        read_files(files)

    assert refused.value.entry == name


def test_a_zip_of_many_files_is_refused(tmp_path: Path) -> None:
    many = zipped(**{f"{number}__json": b"{}" for number in range(17)})

    with pytest.raises(UploadRefused, match="more than 16 entries"):
        read_files(staged(tmp_path, any__zip=many))


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "no .safetensors"),
        ({"a__json": b"{}"}, "no .safetensors"),
        (
            {"a__safetensors": b"1", "b__safetensors": b"2"},
            "more than one .safetensors",
        ),
        ({"a__txt": b"x"}, "`a.txt` is neither"),
        ({"é__txt": b"x"}, r"`\\xe9.txt` is neither"),
    ],
    ids=["nothing", "card", "two", "text", "odd"],
)
def test_what_is_no_checkpoint_is_refused(
    tmp_path: Path, files: dict[str, bytes], reason: str
) -> None:
    with pytest.raises(UploadRefused, match=reason):
        read_files(staged(tmp_path, **files))
