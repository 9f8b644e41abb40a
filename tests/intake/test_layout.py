"""What a folder stands for."""

import pytest

from app.intake.layout import Place, is_litter, place_of


@pytest.mark.parametrize(
    ("folder", "place"),
    [
        ("cat", Place("cat", is_test=False)),
        ("data/cat", Place("cat", is_test=False)),
        ("./data//cat", Place("cat", is_test=False)),
        ("train/cat", Place("cat", is_test=False)),
        ("data/Test/cat", Place("cat", is_test=True)),
        ("testing/cat", Place("cat", is_test=True)),
        ("test/more/cat", Place("cat", is_test=False)),
        ("train", None),
        ("data/TEST", None),
        ("", None),
        ("./", None),
    ],
)
def test_the_last_folder_is_the_class_and_the_one_above_may_be_the_split(
    folder: str, place: Place | None
) -> None:
    assert place_of(folder) == place


@pytest.mark.parametrize(
    "name", ["__MACOSX/a.png", "a/.DS_Store", "a/Thumbs.db", "a/._1.png", "desktop.ini"]
)
def test_what_file_managers_leave_is_litter(name: str) -> None:
    assert is_litter(name)


def test_what_only_looks_like_litter_is_none() -> None:
    assert not is_litter("a/DS_Store.png")
