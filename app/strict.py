"""What every part of a request has in common: nothing unknown, nothing converted."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

UNKNOWN_KEY = "extra_forbidden"
FOLLOWS_FROM_OTHERS = "default_factory_not_called"


class Strict(BaseModel):
    """Nothing unknown, nothing converted, no NaN: what was asked is what is run."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False
    )

    @model_validator(mode="wrap")
    @classmethod
    def _suggest_known_keys(
        cls, data: Any, handler: ModelWrapValidatorHandler[Self]
    ) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            raise with_suggestions(error, cls.model_fields) from None


def with_suggestions(error: ValidationError, known: Iterable[str]) -> ValidationError:
    """Say of each key that nobody knows which one may have been meant."""
    names = list(known)
    lines = [
        InitErrorDetails(
            type=PydanticCustomError(
                detail["type"], message(detail, names), detail.get("ctx")
            ),
            loc=detail["loc"],
            input=detail["input"],
        )
        for detail in error.errors()
        if detail["type"] != FOLLOWS_FROM_OTHERS
    ]
    return ValidationError.from_exception_data(error.title, lines)


def message(detail: ErrorDetails, known: list[str]) -> str:
    if detail["type"] != UNKNOWN_KEY or len(detail["loc"]) != 1:
        return detail["msg"]
    return "There is no such key here" + did_you_mean(str(detail["loc"][0]), known)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence on a name that nobody knows."""
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean `{near[0]}`?" if near else "."


Fraction = Annotated[float, Field(ge=0, lt=1)]
EveryNth = Annotated[int, Field(ge=1, le=1000)]
Epsilon = Annotated[float, Field(gt=0, le=1)]
