"""An architecture together with the pictures that it has to fit."""

from dataclasses import replace

from pydantic import Field, ValidationInfo, field_validator

from app.architecture import (
    Architecture,
    ArchitectureChoice,
    Trace,
    check_architecture,
    trace,
)
from app.spec.datasets import PICTURES, DatasetName, ImageShape, Pictures, Shape
from app.strict import Strict


class FittedArchitecture(Strict):
    """A network for the pictures of a dataset; resolved, and known to work."""

    dataset: DatasetName = Field(
        default="mnist", description="The pictures to learn from."
    )
    input_shape: Shape | None = Field(
        default=None, description="Another shape of pictures than the dataset's."
    )
    classes: int | None = Field(
        default=None, ge=2, le=1000, description="Another number than the dataset's."
    )
    architecture: ArchitectureChoice = Field(
        description="The network: a name, or layer by layer."
    )

    @field_validator("architecture")
    @classmethod
    def _fit(cls, architecture: Architecture, info: ValidationInfo) -> Architecture:
        given = info.data
        if not {"dataset", "input_shape", "classes"} <= given.keys():
            return architecture
        return fit(architecture, chosen_pictures(**given))

    @property
    def pictures(self) -> Pictures:
        return chosen_pictures(self.dataset, self.input_shape, self.classes)

    @property
    def network(self) -> Trace:
        return trace(self.architecture.layers, self.pictures.shape)


def chosen_pictures(
    dataset: DatasetName, input_shape: ImageShape | None, classes: int | None
) -> Pictures:
    known = PICTURES[dataset]
    return replace(
        known,
        shape=input_shape or known.shape,
        classes=classes or known.classes,
    )


def fit(architecture: Architecture, pictures: Pictures | None) -> Architecture:
    """Return an architecture with a number for `classes`, checked against a dataset.

    None is a dataset that was refused itself, or has to be looked up first.

    Raises:
        ValidationError: It cannot work; all faults, each at its layer.
    """
    if pictures is None:
        return architecture
    resolved = architecture.for_classes(pictures.classes)
    check_architecture(resolved, pictures.shape, pictures.classes)
    return resolved
