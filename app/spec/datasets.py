"""The datasets that can be named, and what an architecture must know of each."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from app.strict import Strict

DatasetName = Literal["mnist", "fashion-mnist"]
PreprocessName = Literal["plain", "auto"]

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

    shape: tuple[int, int, int]
    classes: int
    train_images: int


PICTURES: dict[DatasetName, Pictures] = {
    "mnist": Pictures((1, 28, 28), classes=10, train_images=60_000),
    "fashion-mnist": Pictures((1, 28, 28), classes=10, train_images=60_000),
}
UPLOADED_SHAPE = (1, 28, 28)


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
        description="How its pictures became 28x28; `/predict` does the same."
    )

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
    return Pictures(UPLOADED_SHAPE, pin.classes, pin.train_images)
