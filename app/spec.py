"""What a client may ask for, and every bound of it."""

import secrets
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

LARGEST_SEED = 2**53 - 1  # the largest integer that JSON readers agree on


class Strict(BaseModel):
    """Nothing unknown, nothing converted, no NaN: what was asked is what is run."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False
    )


Fraction = Annotated[float, Field(ge=0, lt=1)]
EveryNth = Annotated[int, Field(ge=1, le=1000)]
Epsilon = Annotated[float, Field(gt=0, le=1)]


class RMSProp(Strict):
    """Gradients divided by a running root mean square of themselves."""

    kind: Literal["rmsprop"] = "rmsprop"
    decay: Fraction = Field(default=0.9, description="Of the running mean square.")
    momentum: Fraction = Field(
        default=0.0, description="Share of the last step in the next."
    )
    epsilon: Epsilon = Field(
        default=1e-10, description="Added to the root against division by 0."
    )


class SGD(Strict):
    """Plain steps down the gradient, with momentum if asked."""

    kind: Literal["sgd"]
    momentum: Fraction = Field(
        default=0.0, description="Share of the last step in the next."
    )
    nesterov: bool = Field(default=False, description="Needs momentum above 0.")

    @model_validator(mode="after")
    def _nesterov_needs_momentum(self) -> Self:
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov needs momentum above 0")
        return self


class Adam(Strict):
    """Adam, or with decoupled weight decay AdamW."""

    kind: Literal["adam", "adamw"]
    beta1: Fraction = Field(default=0.9, description="Decay of the mean gradient.")
    beta2: Fraction = Field(default=0.999, description="Decay of the mean square.")
    epsilon: Epsilon = Field(
        default=1e-8, description="Added to the root against division by 0."
    )
    weight_decay: Fraction = Field(
        default=0.0, description="Pull of the weights to 0: L2, or AdamW's own."
    )


Optimizer = Annotated[RMSProp | SGD | Adam, Field(discriminator="kind")]

# A preset is data: what it sets before the client's own values. The defaults of
# TrainingSpec are the tutorial's.
PRESETS: dict[str, dict[str, object]] = {"tutorial": {}}


class TrainingSpec(Strict):
    """The hyperparameters of one training job; every default is the tutorial's."""

    preset: Literal["tutorial"] = Field(
        default="tutorial", description="Where the values come from that are not given."
    )
    dataset: Literal["mnist"] = Field(
        default="mnist", description="The pictures to learn from."
    )
    epochs: int = Field(
        default=10, ge=1, le=1000, description="Passes over the training images."
    )
    batch_size: int = Field(
        default=128, ge=1, le=4096, description="Images per optimizer step."
    )
    learning_rate: float = Field(
        default=0.001, gt=0, le=10, description="Size of an optimizer step."
    )
    optimizer: Optimizer = Field(
        default_factory=RMSProp,
        description="How gradients become steps; `rmsprop` if absent.",
    )
    dropout_conv: Fraction = Field(
        default=0.2, description="Chance to drop an element after each pooling."
    )
    dropout_hidden: Fraction = Field(
        default=0.5, description="Chance to drop an element of the hidden layer."
    )
    shuffle: bool = Field(
        default=False,
        description="A new order each epoch; false: file order, as in the tutorial.",
    )
    validation_size: int = Field(
        default=5000,
        ge=1,
        le=50_000,
        description="Training images held out to choose the best epoch.",
    )
    seed: int = Field(
        default_factory=lambda: secrets.randbelow(LARGEST_SEED),
        ge=0,
        le=LARGEST_SEED,
        description="Of weights, split, order and dropout; drawn and shown if absent.",
    )
    checkpoints: Literal["every", "best_and_last"] | EveryNth = Field(
        default="every",
        description="Which epochs' checkpoints are kept; a number n keeps every n-th, "
        "and always the best and the last.",
    )
    checkpoint_interval_seconds: float | None = Field(
        default=None,
        gt=0,
        le=86_400,
        description="Save the training state within an epoch this often; null: at its "
        "end, and whenever the job is paused or its worker stops.",
    )

    @model_validator(mode="before")
    @classmethod
    def _start_from_preset(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        name = data.get("preset", "tutorial")
        return {**PRESETS.get(str(name), {}), **data}


Tag = Annotated[str, Field(min_length=1, max_length=64)]
MetadataValue = Annotated[str, Field(max_length=500)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Tags = Annotated[list[Tag], Field(max_length=20)]
Metadata = Annotated[dict[Tag, MetadataValue], Field(max_length=50)]
Priority = Annotated[
    int, Field(ge=-100, le=100, description="Higher starts sooner; equal: in order.")
]


class JobEdit(Strict):
    """What may be changed of a job at any time; what is left out stays."""

    name: Name | None = None
    tags: Tags | None = None
    metadata: Metadata | None = None
    priority: Priority | None = None


class JobRequest(TrainingSpec):
    """A training spec and how the job is called; the whole body of POST /jobs."""

    name: Name | None = Field(default=None, description="What people call the job.")
    tags: Tags = Field(default=[], description="Words to find it by.")
    metadata: Metadata = Field(default={}, description="Anything else, as strings.")
    priority: Priority = 0

    def training_spec(self) -> TrainingSpec:
        """Return the hyperparameters alone."""
        fields = set(TrainingSpec.model_fields)
        return TrainingSpec.model_validate(self.model_dump(include=fields))
