"""A layer as clients write it: an object whose one key is its kind."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from app.architecture.parts import (
    Activation,
    BatchNorm,
    Classes,
    Convolution,
    Count,
    Dropout,
    Flatten,
    GlobalPool,
    LeakyActivation,
    Linear,
    WindowPool,
)
from app.strict import Fraction, Strict, did_you_mean

LONGEST_BRANCH = 20

AnyActivation = Annotated[Activation | LeakyActivation, Field(discriminator="kind")]
AnyPool = Annotated[WindowPool | GlobalPool, Field(discriminator="kind")]
ActivationName = Literal["relu", "leaky_relu", "elu", "gelu", "silu", "sigmoid", "tanh"]


class ConvLayer(Strict):
    """A convolution."""

    conv: Convolution


class BatchNormLayer(Strict):
    """A batch normalization."""

    batch_norm: BatchNorm


def activation_named(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


class ActivationLayer(Strict):
    """An activation; its name will do."""

    activation: Annotated[
        AnyActivation,
        BeforeValidator(
            activation_named, json_schema_input_type=AnyActivation | ActivationName
        ),
    ]


class PoolLayer(Strict):
    """A pooling."""

    pool: AnyPool


def dropout_of(value: object) -> object:
    return {"probability": value} if isinstance(value, int | float) else value


class DropoutLayer(Strict):
    """A dropout; its probability will do."""

    dropout: Annotated[
        Dropout, BeforeValidator(dropout_of, json_schema_input_type=Dropout | Fraction)
    ]


class FlattenLayer(Strict):
    """The step from pictures to rows of numbers."""

    flatten: Flatten


def linear_of(value: object) -> object:
    return {"units": value} if isinstance(value, int | str) else value


class LinearLayer(Strict):
    """A fully connected layer; its number of outputs will do."""

    linear: Annotated[
        Linear,
        BeforeValidator(linear_of, json_schema_input_type=Linear | Count | Classes),
    ]


def kind_of(layer: Strict) -> str:
    """Return the one key of a layer."""
    [kind] = type(layer).model_fields
    return kind


def tag_of(value: object) -> str | None:
    """Tell the union which model a layer is, by its key."""
    if isinstance(value, Strict):
        return kind_of(value)
    return next(iter(value)) if isinstance(value, dict) and value else None


def with_one_key_of(kinds: tuple[str, ...]) -> BeforeValidator:
    """Refuse what is not an object with exactly one of these keys."""

    def check(value: Any) -> Any:
        if isinstance(value, Strict):
            return value
        if not isinstance(value, dict) or len(value) != 1:
            message = "A layer is an object with one key, its kind: "
            raise PydanticCustomError("one_key_expected", message + ", ".join(kinds))
        [kind] = value
        if kind not in kinds:
            message = f"There is no layer `{kind}` here{did_you_mean(kind, kinds)}"
            known = f" Known are {', '.join(kinds)}."
            raise PydanticCustomError("unknown_layer", message + known)
        return value

    return BeforeValidator(check)


BRANCH_KINDS = ("conv", "batch_norm", "activation", "pool", "dropout")
KINDS = (*BRANCH_KINDS, "flatten", "linear", "residual")

BranchLayer = Annotated[
    Annotated[
        Annotated[ConvLayer, Tag("conv")]
        | Annotated[BatchNormLayer, Tag("batch_norm")]
        | Annotated[ActivationLayer, Tag("activation")]
        | Annotated[PoolLayer, Tag("pool")]
        | Annotated[DropoutLayer, Tag("dropout")],
        Discriminator(tag_of),
    ],
    with_one_key_of(BRANCH_KINDS),
]


class Residual(Strict):
    """Layers whose output is added to their input."""

    layers: Annotated[
        list[BranchLayer], Field(min_length=1, max_length=LONGEST_BRANCH)
    ] = Field(description="The branch; its kinds are " + ", ".join(BRANCH_KINDS) + ".")
    shortcut: Literal["identity", "projection"] = Field(
        default="identity",
        description="What is added: the input as it is, or a 1x1 convolution of it "
        "without bias that gives it the branch's shape.",
    )


class ResidualLayer(Strict):
    """A residual block (He et al., arXiv 1512.03385)."""

    residual: Residual


Layer = Annotated[
    Annotated[
        Annotated[ConvLayer, Tag("conv")]
        | Annotated[BatchNormLayer, Tag("batch_norm")]
        | Annotated[ActivationLayer, Tag("activation")]
        | Annotated[PoolLayer, Tag("pool")]
        | Annotated[DropoutLayer, Tag("dropout")]
        | Annotated[FlattenLayer, Tag("flatten")]
        | Annotated[LinearLayer, Tag("linear")]
        | Annotated[ResidualLayer, Tag("residual")],
        Discriminator(tag_of),
    ],
    with_one_key_of(KINDS),
]
