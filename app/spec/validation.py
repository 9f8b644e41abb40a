"""Which training images are held out to choose the best epoch."""

from typing import Self

from pydantic import Field, model_validator

from app.strict import Strict

DEFAULT_VALIDATION_SIZE = 5000


class Fold(Strict):
    """One of several equal parts of the training images, as in cross-validation.

    Jobs with the same seed and number of folds cut the images alike.
    """

    folds: int = Field(default=5, ge=2, le=20, description="Equal parts.")
    fold: int = Field(ge=1, le=20, description="The part to hold out, from 1.")

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        if self.fold > self.folds:
            raise ValueError(f"there is no fold {self.fold} of {self.folds}")
        return self
