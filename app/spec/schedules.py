"""How the learning rate changes while a job trains."""

from typing import Annotated, Literal

from pydantic import Field

from app.strict import Fraction, Strict


class Schedule(Strict):
    """What all schedules share: a climb from 0 before anything else."""

    warmup_epochs: float = Field(
        default=0.0,
        ge=0,
        le=1000,
        description="Epochs over which the rate first climbs from 0 in a line.",
    )


class Constant(Schedule):
    """The same learning rate in every step."""

    kind: Literal["constant"] = "constant"


class Step(Schedule):
    """A smaller learning rate every few epochs."""

    kind: Literal["step"]
    every_epochs: int = Field(default=3, ge=1, le=1000, description="Epochs a stair.")
    factor: float = Field(
        default=0.5, gt=0, le=1, description="What each stair multiplies the rate by."
    )


class Cosine(Schedule):
    """Half a cosine from the learning rate down to a share of it."""

    kind: Literal["cosine"]
    final_fraction: Fraction = Field(
        default=0.0, description="Share of the learning rate that is left at the end."
    )


class OneCycle(Strict):
    """Up to the learning rate and down to nearly nothing (Smith, arXiv 1708.07120)."""

    kind: Literal["one_cycle"]
    peak_at: float = Field(
        default=0.3, gt=0, lt=1, description="Share of the steps that climb."
    )
    start_fraction: Fraction = Field(
        default=0.04, description="Share of the learning rate at the first step."
    )
    final_fraction: Fraction = Field(
        default=0.00001, description="Share of the learning rate at the last step."
    )


LearningRateSchedule = Annotated[
    Constant | Step | Cosine | OneCycle, Field(discriminator="kind")
]
