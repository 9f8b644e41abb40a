"""All images of an upload as they are gathered, 784 bytes each, and what was seen."""

from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from app.dataset_report import Unreadable
from app.errors import UploadRefused
from app.vision.pixels import Pixels
from app.vision.reading import Mode, to_pixels

MOST_CLASSES = 1000
LISTED_UNREADABLE = 100
LONGEST_REASON = 200


@dataclass
class Gathered:
    """Images in the order in which they came; a label is a place in `classes`."""

    mode: Mode
    most_images: int
    pulse: Callable[[], None]
    pixels: bytearray = field(default_factory=bytearray)
    labels: "array[int]" = field(default_factory=lambda: array("H"))
    is_test: bytearray = field(default_factory=bytearray)
    files: list[str] = field(default_factory=list)
    classes: dict[str, int] = field(default_factory=dict)
    sizes: Counter[str] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    unreadable_count: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)

    def add_class(self, name: str) -> int:
        """Return the class's number; a class may turn out to have no image."""
        number = self.classes.setdefault(name, len(self.classes))
        if number >= MOST_CLASSES:
            raise UploadRefused(f"There are more than {MOST_CLASSES} classes.")
        return number

    def add(self, file: str, name: str, image: Image.Image, *, is_test: bool) -> None:
        """Take a picture, and forget it but for its 28x28 pixels."""
        self.sizes[f"{image.width}x{image.height}"] += 1
        self.modes[image.mode] += 1
        self.add_pixels(file, name, to_pixels(image, self.mode), is_test=is_test)

    def add_pixels(
        self, file: str, name: str, pixels: Pixels, *, is_test: bool
    ) -> None:
        if len(self.labels) >= self.most_images:
            raise UploadRefused(f"There are more than {self.most_images} images.")
        self.labels.append(self.add_class(name))
        self.pixels += pixels.tobytes()
        self.is_test.append(is_test)
        self.files.append(file)
        self.pulse()

    def refuse(self, file: str, reason: str) -> None:
        self.unreadable_count += 1
        if len(self.unreadable) < LISTED_UNREADABLE:
            found = Unreadable(file=file, reason=reason[:LONGEST_REASON])
            self.unreadable.append(found)
        self.pulse()
