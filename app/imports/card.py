"""What an imported checkpoint says of itself, and what of that can be true."""

from collections.abc import Iterator
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from app.architecture import (
    ArchitectureChoice,
    Fault,
    check_architecture,
    refusal,
)
from app.spec import GREY_28, Shape
from app.vision.card import CheckpointCard
from app.vision.familiarity import Familiarity
from app.vision.reading import Mode

MOST_CLASSES = 1000
DIGITS = tuple("0123456789")
ClassName = Annotated[str, Field(min_length=1, max_length=200)]


class ImportedCard(CheckpointCard):
    """The card of an export, or as much of one as a person has to write."""

    job_id: str = Field(default="", max_length=200)
    epoch: int = Field(default=0, ge=0, le=10**6)
    architecture: ArchitectureChoice
    class_names: tuple[ClassName, ...] = Field(min_length=2, max_length=MOST_CLASSES)
    input_shape: Shape = GREY_28
    preprocess: Literal["auto", "mnist", "none", "plain"] | None = None

    @property
    def usual_mode(self) -> Mode:
        """How `/predict` reads pictures for it: as it says, or as digits if it has."""
        if self.preprocess is not None:
            return Mode(self.preprocess)
        are_digits = self.class_names == DIGITS and self.input_shape == GREY_28
        return Mode.AUTO if are_digits else Mode.PLAIN

    def for_header(self) -> CheckpointCard:
        """Return the card as a checkpoint's own header holds it."""
        return CheckpointCard.model_validate(self.model_dump(exclude={"preprocess"}))


def read_imported_card(data: bytes) -> ImportedCard:
    """Read a card and look whether its parts fit each other.

    Raises:
        ValidationError: They do not; every fault stands at its place below `card`.
    """
    try:
        card = ImportedCard.model_validate_json(data)
        faults = [*faults_of(card)]
        if faults:
            raise refusal(faults)
        classes = len(card.class_names)
        architecture = card.architecture.for_classes(classes)
        check_architecture(architecture, card.input_shape, classes)
    except ValidationError as error:
        raise below_card(error) from error
    return card.model_copy(update={"architecture": architecture})


def below_card(error: ValidationError) -> ValidationError:
    lines: list[Any] = [
        Fault(("card", *line["loc"]), line["type"], line["msg"])
        for line in error.errors()
    ]
    return refusal(lines)


def faults_of(card: ImportedCard) -> Iterator[Fault]:
    if not card.usual_mode.can_read(card.input_shape):
        message = f"`{card.preprocess}` makes pictures of shape {[*GREY_28]} only."
        yield Fault(("preprocess",), "wrong_input_shape", message)
    if len(set(card.class_names)) < len(card.class_names):
        message = "Two classes have the same name."
        yield Fault(("class_names",), "same_class_name", message)
    if not all(name.isprintable() for name in card.class_names):
        message = "A class has a name that cannot be shown."
        yield Fault(("class_names",), "class_name_not_printable", message)
    if not (isfinite(card.preprocessing.scale) and card.preprocessing.scale > 0):
        message = "The scale has to be a number above 0."
        yield Fault(("preprocessing", "scale"), "wrong_scale", message)
    if card.familiarity is not None:
        yield from misshapen(card.familiarity, len(card.class_names))


def misshapen(familiarity: Familiarity, classes: int) -> Iterator[Fault]:
    """Yield each table of the familiarity that is not made for so many classes."""
    for name in ("whitening", "means", "precision"):
        rows = getattr(familiarity, name)
        if [len(row) for row in rows] != [classes] * classes:
            message = f"This has to be {classes} rows of {classes} numbers."
            yield Fault(("familiarity", name), "wrong_table", message)
    if len(familiarity.weights) != classes + 2:
        message = f"These have to be {classes + 2} numbers."
        yield Fault(("familiarity", "weights"), "wrong_table", message)
