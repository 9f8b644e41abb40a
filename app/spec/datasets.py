"""The datasets that can be named, and what an architecture must know of each."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.strict import Strict

DatasetName = Literal["mnist", "fashion-mnist"]
PreprocessName = Literal["plain", "auto"]
Colour = Literal["auto", "grey", "rgb"]
ImageShape = tuple[int, int, int]  # channels, height, width

CHANNELS = (1, 3)
GREY_28: ImageShape = (1, 28, 28)
MOST_SIDE = 255
Side = Annotated[int, Field(ge=1, le=MOST_SIDE)]


def one_or_three(channels: int) -> int:
    if channels not in CHANNELS:
        raise PydanticCustomError("channels", "A picture has 1 or 3 channels.")
    return channels


Channels = Annotated[
    int, AfterValidator(one_or_three), WithJsonSchema({"enum": [*CHANNELS]})
]
Shape = Annotated[
    tuple[Channels, Side, Side],
    Field(
        strict=False,  # JSON has lists, not tuples
        description="Channels, height and width of each picture, as networks see it.",
    ),
]

NAME = "[a-z0-9][a-z0-9._-]{0,63}"
OwnName = Annotated[str, Field(pattern=f"^{NAME}$")]
DatasetReference = Annotated[
    str,
    Field(
        pattern=f"^{NAME}(@[1-9][0-9]{{0,5}})?$",
        description="The pictures to learn from: `mnist`, `fashion-mnist`, or one of "
        "your own (`GET /datasets`), `name` for its newest version or `name@2`.",
    ),
]


@dataclass(frozen=True)
class Pictures:
    """What a dataset shows: channels, height and width; and how many classes."""

    shape: ImageShape
    classes: int
    train_images: int


PICTURES: dict[DatasetName, Pictures] = {
    "mnist": Pictures(GREY_28, classes=10, train_images=60_000),
    "fashion-mnist": Pictures(GREY_28, classes=10, train_images=60_000),
}


ImageSize = Annotated[
    str,
    Field(
        pattern="^[1-9][0-9]{0,3}(x[1-9][0-9]{0,3})?$",
        description="Width x height as `32x24`, or both as `28`.",
    ),
]


def sides_of(size: str) -> tuple[int, int]:
    """Return height and width of what is written as width x height, or as one side."""
    width, _x, height = size.partition("x")
    return int(height or width), int(width)


def array_shape(shape: ImageShape) -> tuple[int, ...]:
    """Return a picture's shape as an array of pixels: (H, W), in colour (H, W, 3)."""
    channels, *sides = shape
    return (*sides,) if channels == 1 else (*sides, channels)


def written_shape(shape: ImageShape) -> str:
    channels, height, width = shape
    return f"{width}x{height} in {'grey' if channels == 1 else 'colour'}"


class DatasetPin(Strict):
    """Which version of an uploaded dataset a job learns from, and its content."""

    name: OwnName
    version: int = Field(ge=1, description="Counted from 1 for each name.")
    digest: str = Field(
        pattern="^[0-9a-f]{64}$", description="SHA-256 of all images and labels."
    )
    classes: int = Field(ge=2, description="How many classes it has.")
    train_images: int = Field(ge=1, description="Those held out are among them.")
    preprocess: PreprocessName = Field(
        description="How its pictures became that; `/predict` does the same."
    )
    shape: Shape = GREY_28

    @property
    def reference(self) -> str:
        return f"{self.name}@{self.version}"


def pictures_of(reference: str | None, pin: DatasetPin | None) -> Pictures | None:
    """Return what a dataset shows; None while nobody has looked up an uploaded one."""
    for name, pictures in PICTURES.items():
        if name == reference:
            return pictures
    if pin is None or pin.reference != reference:
        return None
    return Pictures(pin.shape, pin.classes, pin.train_images)
