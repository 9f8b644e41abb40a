"""Pictures as they are uploaded: files, bytes with a name, arrays."""

from io import BytesIO
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias, TypedDict

from PIL import Image

from app.client.errors import UnusableFile

DIMENSIONS = (2, 3)

Upload: TypeAlias = tuple[str, bytes]


class Array(Protocol):
    """Pixels as numpy has them: unsigned bytes, (height, width) or with colours."""

    @property
    def __array_interface__(self) -> dict[str, Any]: ...


Picture: TypeAlias = str | Path | Upload | Array
Epoch: TypeAlias = Literal["best", "last"] | int


class PredictOptions(TypedDict, total=False):
    """Who answers, and how pictures are read; what is left out the service decides."""

    job_id: str
    epoch: Epoch
    checkpoint_id: str
    preprocess: Literal["auto", "mnist", "none", "plain"]
    segment: bool
    explain: bool


def uploads_of(pictures: list[Picture]) -> list[tuple[str, Upload]]:
    """Return the parts of a form; an array is named for its place, from 0."""
    return [("images", read(place, item)) for place, item in enumerate(pictures)]


def read(place: int, picture: Picture) -> Upload:
    if isinstance(picture, tuple):
        return picture
    if isinstance(picture, str | Path):
        return read_file(Path(picture))
    return f"array-{place}.png", encode(picture)


def read_file(path: Path) -> Upload:
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise UnusableFile(f"Cannot read {path}: {error.strerror}.") from error


def encode(array: Array) -> bytes:
    """Return the pixels as a PNG file, which changes none of them."""
    interface = array.__array_interface__
    shape, kind = interface["shape"], interface["typestr"]
    trouble = UnusableFile(
        f"An array of shape {shape} and type {kind} is no picture: it takes uint8, "
        "(height, width) or (height, width, 3)."
    )
    if len(shape) not in DIMENSIONS or not kind.endswith("u1"):
        raise trouble
    file = BytesIO()
    try:
        Image.fromarray(array).save(file, "PNG")
    except (TypeError, ValueError, OSError) as error:
        raise trouble from error
    return file.getvalue()
