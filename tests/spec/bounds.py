"""What tests of specs share: bounds with their edges, and refusals by place."""

import math

import pytest
from pydantic import ValidationError

from app.spec import TrainingSpec

SMALLEST = math.nextafter(0, 1)
FRACTION = (-SMALLEST, 0.0, math.nextafter(1, 0), 1.0)
EPSILON = (0.0, SMALLEST, 1.0, math.nextafter(1, 2))

# The value below a bound, its edges, and the value above.
Bound = tuple[float, float, float, float]


def refusals(asked: object) -> set[tuple[str, str]]:
    """Return where and why each part of what was asked is refused."""
    with pytest.raises(ValidationError) as refused:
        TrainingSpec.model_validate(asked)
    return {
        (".".join(map(str, error["loc"])), error["type"])
        for error in refused.value.errors()
    }
