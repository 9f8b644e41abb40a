"""How gradients become steps: the optimizers a client may choose."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.strict import Epsilon, Fraction, Strict

EPSILON = "Added to the root against division by 0."
MOMENTUM = "Share of the last step in the next."
WEIGHT_DECAY = "Pull of the weights to 0 (L2)."


class RMSProp(Strict):
    """Gradients divided by a running root mean square of themselves."""

    kind: Literal["rmsprop"] = "rmsprop"
    decay: Fraction = Field(default=0.9, description="Of the running mean square.")
    momentum: Fraction = Field(default=0.0, description=MOMENTUM)
    epsilon: Epsilon = Field(default=1e-10, description=EPSILON)
    weight_decay: Fraction = Field(default=0.0, description=WEIGHT_DECAY)


class SGD(Strict):
    """Plain steps down the gradient, with momentum if asked."""

    kind: Literal["sgd"]
    momentum: Fraction = Field(default=0.0, description=MOMENTUM)
    nesterov: bool = Field(default=False, description="Needs momentum above 0.")
    weight_decay: Fraction = Field(default=0.0, description=WEIGHT_DECAY)

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
    epsilon: Epsilon = Field(default=1e-8, description=EPSILON)
    weight_decay: Fraction = Field(
        default=0.0, description="Pull of the weights to 0: L2, or AdamW's own."
    )


class Muon(Strict):
    """Muon for the matrices of linear layers, AdamW for every other weight.

    Muon makes each step of a matrix nearly orthogonal
    (https://kellerjordan.github.io/posts/muon/).
    """

    kind: Literal["muon"]
    momentum: Fraction = Field(default=0.95, description=MOMENTUM)
    nesterov: bool = Field(default=True, description="Look one step ahead.")
    adamw_learning_rate_factor: float = Field(
        default=0.1, gt=0, le=10, description="AdamW's learning rate over Muon's."
    )
    weight_decay: Fraction = Field(
        default=0.0, description="Pull of the weights to 0, decoupled."
    )


Optimizer = Annotated[RMSProp | SGD | Adam | Muon, Field(discriminator="kind")]
