"""All images of an upload as they are gathered, made small, and what was seen."""

from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from app.dataset_report import Unreadable
from app.errors import UploadRefused
from app.intake.shape import Sides, Wish, see
from app.vision.pixels import Pixels

MOST_CLASSES = 1000
LISTED_UNREADABLE = 100
LONGEST_REASON = 200


@dataclass
class Gathered:
    """Images in the order in which they came; a label is a place in `classes`."""

    wish: Wish
    most_images: int
    most_bytes: int
    pulse: Callable[[], None]
    pixels: bytearray = field(default_factory=bytearray)
    shapes: list[tuple[int, ...]] = field(default_factory=list)
    labels: "array[int]" = field(default_factory=lambda: array("H"))
    is_test: bytearray = field(default_factory=bytearray)
    files: list[str] = field(default_factory=list)
    classes: dict[str, int] = field(default_factory=dict)
    sizes: Counter[Sides] = field(default_factory=Counter)
    coloured: int = 0
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
        """Take a picture, and forget it but for its few pixels."""
        self.sizes[image.height, image.width] += 1
        self.modes[image.mode] += 1
        seen = see(image, self.wish)
        self.coloured += seen.is_coloured
        self.add_pixels(file, name, seen.pixels, is_test=is_test)

    def add_pixels(
        self, file: str, name: str, pixels: Pixels, *, is_test: bool
    ) -> None:
        if len(self.labels) >= self.most_images:
            raise UploadRefused(f"There are more than {self.most_images} images.")
        if len(self.pixels) + pixels.nbytes > self.most_bytes:
            raise too_many_bytes(self.most_bytes)
        self.labels.append(self.add_class(name))
        self.pixels += pixels.tobytes()
        self.shapes.append(pixels.shape)
        self.is_test.append(is_test)
        self.files.append(file)
        self.pulse()

    def refuse(self, file: str, reason: str) -> None:
        self.unreadable_count += 1
        if len(self.unreadable) < LISTED_UNREADABLE:
            found = Unreadable(file=file, reason=reason[:LONGEST_REASON])
            self.unreadable.append(found)
        self.pulse()


def too_many_bytes(most: int) -> UploadRefused:
    return UploadRefused(
        f"The images have more than {most} bytes of pixels; choose a smaller `size`."
    )
