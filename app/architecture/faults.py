"""What cannot work in an architecture: where, why, and a code that never changes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Place = tuple[int | str, ...]


@dataclass(frozen=True)
class Fault:
    """One thing that cannot work; its message says the arithmetic."""

    place: Place
    code: str
    message: str
    value: object = None

    def below(self, place: Place) -> "Fault":
        """Return the same fault as seen from further up."""
        return replace(self, place=(*place, *self.place))


def refusal(faults: Iterable[Fault]) -> ValidationError:
    """Return all faults as one error, which pydantic merges into its own."""
    lines = [
        InitErrorDetails(
            type=PydanticCustomError(fault.code, fault.message),
            loc=fault.place,
            input=fault.value,
        )
        for fault in faults
    ]
    return ValidationError.from_exception_data("Architecture", lines)
