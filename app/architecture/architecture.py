"""A whole network as data: its layers, and how its weights start."""

from collections.abc import Callable
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.architecture.contents import Part, changed, part_of, parts_of
from app.architecture.faults import Fault
from app.architecture.initial_weights import InitialWeights, ScaledWeights
from app.architecture.layers import Layer
from app.architecture.named import NAMED, ArchitectureName
from app.architecture.parts import CLASSES, Convolution, Dropout, Flatten, Linear
from app.strict import Strict, did_you_mean

LONGEST = 100


class Architecture(Strict):
    """The layers of a network, first to last, and how their weights start."""

    name: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="What people call it; it decides nothing.",
    )
    layers: Annotated[list[Layer], Field(min_length=1, max_length=LONGEST)] = Field(
        description="Each an object whose one key is its kind."
    )
    initial_weights: InitialWeights = Field(
        default_factory=ScaledWeights,
        description="How weights are drawn, `kaiming` if absent; biases start at 0.",
    )

    def for_classes(self, classes: int) -> "Architecture":
        """Write the number where `classes` stands."""
        change = with_classes(classes)
        layers = [changed(layer, change) for layer in self.layers]
        return self.model_copy(update={"layers": layers})

    def with_dropout(
        self, before_flatten: float | None, after_flatten: float | None
    ) -> "Architecture":
        """Replace the probability of each dropout, on either side of the flatten."""
        front, back = self.around_flatten
        layers = [
            *(changed(layer, with_chance(before_flatten)) for layer in front),
            *(changed(layer, with_chance(after_flatten)) for layer in back),
        ]
        return self.model_copy(update={"layers": layers})

    @property
    def around_flatten(self) -> tuple[list[Layer], list[Layer]]:
        """The layers before the first flatten, and the others."""
        flat = [isinstance(part_of(layer), Flatten) for layer in self.layers]
        place = flat.index(True) if any(flat) else len(flat)
        return self.layers[:place], self.layers[place:]


def missing_dropouts(
    architecture: Architecture, given: dict[str, float | None]
) -> list[Fault]:
    """Return a fault for each probability that replaces nothing: before, then after."""
    faults = []
    for (name, probability), layers in zip(
        given.items(), architecture.around_flatten, strict=True
    ):
        if probability is not None and not has_dropout(layers):
            message = f"There is no dropout layer that {name} could change."
            faults.append(Fault((name,), "no_dropout_layer", message, probability))
    return faults


def has_dropout(layers: list[Layer]) -> bool:
    return any(isinstance(part, Dropout) for part in parts_of(layers))


def with_classes(classes: int) -> Callable[[Part], Part]:
    """Return the change that puts a number for `classes`."""

    def change(part: Part) -> Part:
        if isinstance(part, Linear) and part.units == CLASSES:
            return part.model_copy(update={"units": classes})
        if isinstance(part, Convolution) and part.filters == CLASSES:
            return part.model_copy(update={"filters": classes})
        return part

    return change


def with_chance(probability: float | None) -> Callable[[Part], Part]:
    """Return the change that sets the probability of dropouts, if there is one."""

    def change(part: Part) -> Part:
        if probability is None or not isinstance(part, Dropout):
            return part
        return part.model_copy(update={"probability": probability})

    return change


def by_name(value: object) -> object:
    """Put a named architecture for its name."""
    if not isinstance(value, str):
        return value
    if value not in NAMED:
        message = f"There is no architecture `{value}`{did_you_mean(value, NAMED)}"
        known = f" Known are {', '.join(NAMED)}."
        raise PydanticCustomError("unknown_architecture", message + known)
    return {"name": value, **NAMED[value]}


ArchitectureChoice = Annotated[
    Architecture,
    BeforeValidator(by_name, json_schema_input_type=ArchitectureName | Architecture),
]


def named_architecture(name: ArchitectureName) -> Architecture:
    return Architecture.model_validate(by_name(name))
