"""What every part of a request has in common: nothing unknown, nothing converted."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Nothing unknown, nothing converted, no NaN: what was asked is what is run."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False
    )


Fraction = Annotated[float, Field(ge=0, lt=1)]
EveryNth = Annotated[int, Field(ge=1, le=1000)]
Epsilon = Annotated[float, Field(gt=0, le=1)]
