"""When a job ends before its last epoch."""

from typing import Literal

from pydantic import Field

from app.strict import Strict

Metric = Literal["val_accuracy", "val_loss"]


class EarlyStopping(Strict):
    """Stop once the metric has not become better for a number of epochs."""

    metric: Metric = Field(default="val_loss", description="What has to get better.")
    patience: int = Field(
        default=3, ge=1, le=1000, description="Epochs in a row without it."
    )
    min_delta: float = Field(
        default=0.0, ge=0, le=10, description="Less than this is not better."
    )


class TargetMetric(Strict):
    """Stop at the end of the first epoch that reaches a value."""

    metric: Metric = Field(default="val_accuracy", description="What is looked at.")
    value: float = Field(
        ge=0, le=100, description="Accuracy at least, or loss at most, this."
    )
