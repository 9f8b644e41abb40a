"""What the place of a file in its folders says: its class and its split."""

from dataclasses import dataclass

SPLITS = {"train": False, "training": False, "test": True, "testing": True}
# What file managers leave behind.
LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
CLASS_AND_SPLIT = 2


@dataclass(frozen=True)
class Place:
    """Where a file or a folder of a class belongs."""

    class_name: str
    is_test: bool


def is_litter(name: str) -> bool:
    parts = name.split("/")
    return any(part in LITTER or part.startswith("._") for part in parts)


def place_of(folder: str) -> Place | None:
    """Return what a folder of images stands for; None if for no class.

    The folder is the class; one above it, called train or test, is the split.
    """
    parts = [part for part in folder.split("/") if part not in ("", ".")]
    if not parts or parts[-1].lower() in SPLITS:
        return None
    above = parts[-CLASS_AND_SPLIT].lower() if len(parts) >= CLASS_AND_SPLIT else ""
    return Place(parts[-1], SPLITS.get(above, False))
