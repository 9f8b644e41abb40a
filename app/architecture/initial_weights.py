"""How weights are drawn before the first step; biases start at 0."""

from typing import Annotated, Literal

from pydantic import Field

from app.strict import Strict


class NormalWeights(Strict):
    """Normal around 0, with the same standard deviation in every layer."""

    kind: Literal["normal"]
    std: float = Field(default=0.01, gt=0, le=10, description="Standard deviation.")


class ScaledWeights(Strict):
    """Drawn so that signals keep their size from layer to layer.

    `xavier`: uniform, for sigmoid and tanh (Glorot and Bengio 2010). `kaiming`: normal
    by the number of inputs, for ReLU (He et al. 2015). `orthogonal`: the rows of each
    matrix are at right angles (Saxe et al. 2013).
    """

    kind: Literal["xavier", "kaiming", "orthogonal"] = "kaiming"


InitialWeights = Annotated[NormalWeights | ScaledWeights, Field(discriminator="kind")]
