"""How training images are changed anew in every epoch."""

from typing import Annotated

from pydantic import Field

from app.strict import Strict

Strength = Annotated[
    float, Field(ge=0, le=2, description="Multiplies every other value; 0 is none.")
]


LARGEST_SCALE = 0.9
LARGEST_SHEAR = 60.0
LARGEST_THICKNESS = 1.0


class Augmentation(Strict):
    """Random changes of each training image; every value is the most it may change."""

    translate: float = Field(
        default=0.0, ge=0, le=14, description="Shift in pixels, each way."
    )
    rotate: float = Field(default=0.0, ge=0, le=180, description="Degrees, each way.")
    scale: float = Field(
        default=0.0,
        ge=0,
        le=LARGEST_SCALE,
        description="0.1: from 0.9 to 1.1 times the size.",
    )
    shear: float = Field(
        default=0.0, ge=0, le=LARGEST_SHEAR, description="Degrees, each way."
    )
    elastic: float = Field(
        default=0.0,
        ge=0,
        le=10,
        description="Pixels by which neighbourhoods move (Simard et al. 2003).",
    )
    elastic_smoothness: float = Field(
        default=4.0, ge=1, le=14, description="Pixels over which elastic moves agree."
    )
    thickness: float = Field(
        default=0.0,
        ge=0,
        le=LARGEST_THICKNESS,
        description="Pixels by which the edges of bright strokes move, out or in: "
        "another pen.",
    )
    erase: float = Field(
        default=0.0, ge=0, lt=1, description="Largest share of a side to blank out."
    )
    flip: bool = Field(
        default=False, description="Mirror left and right; not for digits or letters."
    )
    strength: Strength = 1.0
