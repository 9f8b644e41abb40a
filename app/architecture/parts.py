"""What each kind of layer can be told."""

from typing import Annotated, Literal

from pydantic import Field

from app.strict import Epsilon, Fraction, Strict

CLASSES = "classes"
MOST_UNITS = 8192
LONGEST_SIDE = 255

Classes = Literal["classes"]
Count = Annotated[int, Field(ge=1, le=MOST_UNITS)]
Side = Annotated[int, Field(ge=1, le=LONGEST_SIDE)]
Padding = Literal["same", "valid"] | Annotated[int, Field(ge=0, le=LONGEST_SIDE)]

PADDING = (
    "`valid`: none; `same`: as in TensorFlow, so that the output is ceil(input / "
    "stride) pixels wide, the odd pixel at the end; a number: so many on each side."
)
OR_CLASSES = "`classes`: as many as the dataset has."
BIAS = "Whether each output has a number that is added to it."


class Convolution(Strict):
    """Filters that slide over the image."""

    filters: Count | Classes = Field(
        description=f"How many, so how many channels come out; {OR_CLASSES}"
    )
    kernel: Side = Field(description="Side of a filter, in pixels.")
    stride: Side = Field(default=1, description="Pixels from place to place.")
    padding: Padding = Field(default="valid", description=PADDING)
    groups: Count = Field(
        default=1, description="Parts of the channels that do not see each other."
    )
    dilation: Side = Field(default=1, description="Pixels between a filter's weights.")
    bias: bool = Field(default=True, description=BIAS)


class BatchNorm(Strict):
    """Brings each channel to mean 0 and variance 1 over the batch, then scales it."""

    momentum: float = Field(
        default=0.1, gt=0, le=1, description="Of the newest batch in the running mean."
    )
    epsilon: Epsilon = Field(default=1e-5, description="Added to the variance.")


class Activation(Strict):
    """A fixed function of each number."""

    kind: Literal["relu", "elu", "gelu", "silu", "sigmoid", "tanh"]


class LeakyActivation(Strict):
    """ReLU, but a share of what is negative passes."""

    kind: Literal["leaky_relu"]
    slope: Fraction = Field(default=0.01, description="The share.")


class WindowPool(Strict):
    """One number for each window: the largest, the mean or the L2 norm."""

    kind: Literal["max", "average", "l2"]
    size: Side = Field(description="Side of the window, in pixels.")
    stride: Side = Field(
        default_factory=lambda given: given["size"],
        description="Pixels from window to window; the size if absent.",
    )
    padding: Padding = Field(
        default="valid", description=f"{PADDING} Means do not count it."
    )


class GlobalPool(Strict):
    """The mean of each channel."""

    kind: Literal["global_average"]


class Dropout(Strict):
    """Sets numbers to 0 by chance while training, and scales the others up."""

    probability: Fraction = Field(description="Chance to be dropped.")
    kind: Literal["element", "channel"] = Field(
        default="element", description="Drop single numbers, or whole channels."
    )


class Flatten(Strict):
    """From channels of pixels to one row of numbers."""


class Linear(Strict):
    """Every output from every input."""

    units: Count | Classes = Field(description=f"Number of outputs; {OR_CLASSES}")
    bias: bool = Field(default=True, description=BIAS)
