"""What was found in an uploaded dataset: numbers that its table and API share."""

from typing import Literal

from pydantic import BaseModel, Field


class ClassCount(BaseModel):
    """How many images of a class there are in each split."""

    name: str
    train: int
    test: int


class Unreadable(BaseModel):
    """A file that is no image of the dataset, and why."""

    file: str
    reason: str


class Duplicates(BaseModel):
    """Images that occur more than once, by the pixels that networks see."""

    within_train: int = Field(description="Copies beyond the first.")
    within_test: int
    across_splits: int = Field(
        description="Test images that are also learned from: they flatter the result."
    )
    across_classes: int = Field(description="Images with more than one label.")
    examples: list[list[str]] = Field(description="Files of which one is a copy.")


class ShapeReport(BaseModel):
    """The shape that all images got, and by which rule."""

    shape: tuple[int, int, int] = Field(
        default=(1, 28, 28), description="Channels, height and width of each image."
    )
    size_from: Literal[
        "digits", "given", "commonest", "commonest_reduced", "always"
    ] = Field(
        default="always",
        description="`digits`: read as `/predict` reads digits; `given`: asked for; "
        "`commonest`: the size of most images; `commonest_reduced`: that, scaled down "
        "to the longest side allowed; `always`: from before there was a choice.",
    )
    colour_from: Literal["digits", "given", "found", "always"] = Field(
        default="always", description="`found`: looked for in the images."
    )
    coloured: int | None = Field(
        default=None, description="Images that show colour; null: not looked for."
    )
    resized: int = Field(default=0, description="Images that came in another size.")


class Finding(BaseModel):
    """One thing to know of a dataset, for a person and for a program."""

    code: Literal[
        "too_few_classes",
        "too_few_images",
        "empty_class",
        "class_without_test_images",
        "unreadable_files",
        "duplicates",
        "leakage",
        "contradicting_labels",
        "imbalance",
        "test_split_made",
    ]
    message: str


class DatasetReport(BaseModel):
    """All that was found; it is usable if nothing is fatal."""

    images: int
    classes: list[ClassCount]
    sizes: dict[str, int] = Field(description="Width x height of the most usual.")
    modes: dict[str, int] = Field(description="Pillow's modes, such as L and RGB.")
    images_as: ShapeReport = Field(
        default_factory=ShapeReport, description="What all images became."
    )
    duplicates: Duplicates
    unreadable_count: int
    unreadable: list[Unreadable] = Field(description="The first hundred.")
    empty_classes: list[str]
    imbalance: float | None = Field(
        description="Training images of the largest class over those of the smallest."
    )
    mean: float | None = Field(description="Of the training pixels, 0 to 1.")
    std: float | None
    fatal: list[Finding]
    warnings: list[Finding]
