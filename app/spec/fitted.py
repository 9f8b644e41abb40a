"""An architecture together with the pictures that it has to fit."""

from pydantic import Field, ValidationInfo, field_validator

from app.architecture import (
    Architecture,
    ArchitectureChoice,
    Trace,
    check_architecture,
    trace,
)
from app.spec.datasets import PICTURES, DatasetName, Pictures, pictures_of
from app.strict import Strict


class FittedArchitecture(Strict):
    """A network for the pictures of a dataset; resolved, and known to work."""

    dataset: DatasetName = Field(
        default="mnist", description="The pictures to learn from."
    )
    architecture: ArchitectureChoice = Field(
        description="The network: a name, or layer by layer."
    )

    @field_validator("architecture")
    @classmethod
    def _fit(cls, architecture: Architecture, info: ValidationInfo) -> Architecture:
        return fit(architecture, pictures_of(info.data.get("dataset"), None))

    @property
    def pictures(self) -> Pictures:
        return PICTURES[self.dataset]

    @property
    def network(self) -> Trace:
        return trace(self.architecture.layers, self.pictures.shape)


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
