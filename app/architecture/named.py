"""The architectures that have a name, as a client would write them."""

from typing import Any, Literal

ArchitectureName = Literal[
    "tutorial", "lenet5", "lenet5_modern", "all_conv", "mlp", "small_bn", "resnet_mini"
]
Json = dict[str, Any]

RELU: Json = {"activation": "relu"}
TANH: Json = {"activation": "tanh"}
NORM: Json = {"batch_norm": {}}
FLATTEN: Json = {"flatten": {}}
CLASSES: Json = {"linear": "classes"}


def conv(filters: int | str, kernel: int, **others: object) -> Json:
    return {"conv": {"filters": filters, "kernel": kernel, **others}}


def pool(kind: str, size: int, **others: object) -> Json:
    return {"pool": {"kind": kind, "size": size, **others}}


def normed_conv(filters: int | str, kernel: int = 3, stride: int = 1) -> list[Json]:
    """A convolution that keeps the size, without bias, and batch normalization."""
    same = conv(filters, kernel, stride=stride, padding="same", bias=False)
    return [same, NORM]


def tutorial_block(filters: int) -> list[Json]:
    return [
        conv(filters, 3, padding="same", bias=False),
        RELU,
        pool("max", 2, padding="same"),
        {"dropout": 0.2},
    ]


def all_conv_block(filters: int) -> list[Json]:
    """The second convolution does a pooling's work by its stride."""
    return [
        *normed_conv(filters),
        RELU,
        *normed_conv(filters, stride=2),
        RELU,
    ]


def residual_block(filters: int, stride: int = 1) -> list[Json]:
    branch = [*normed_conv(filters, stride=stride), RELU, *normed_conv(filters)]
    shortcut = "identity" if stride == 1 else "projection"
    return [{"residual": {"layers": branch, "shortcut": shortcut}}, RELU]


NAMED: dict[ArchitectureName, Json] = {
    # The 2016 tutorial's network: 1,378,698 weights and no bias anywhere.
    "tutorial": {
        "layers": [
            *tutorial_block(32),
            *tutorial_block(64),
            *tutorial_block(128),
            FLATTEN,
            {"linear": {"units": 625, "bias": False}},
            RELU,
            {"dropout": 0.5},
            {"linear": {"units": "classes", "bias": False}},
        ],
        "initial_weights": {"kind": "normal", "std": 0.01},
    },
    # LeCun et al. 1998 in the form that is usual today: poolings have no weights,
    # every filter sees every channel, and the end is linear.
    "lenet5": {
        "layers": [
            conv(6, 5, padding=2),
            TANH,
            pool("average", 2),
            conv(16, 5),
            TANH,
            pool("average", 2),
            conv(120, 5),
            TANH,
            FLATTEN,
            {"linear": 84},
            TANH,
            CLASSES,
        ],
        "initial_weights": {"kind": "xavier"},
    },
    "lenet5_modern": {
        "layers": [
            conv(6, 5, padding=2),
            NORM,
            RELU,
            pool("max", 2),
            conv(16, 5),
            NORM,
            RELU,
            pool("max", 2),
            FLATTEN,
            {"linear": 120},
            RELU,
            {"linear": 84},
            RELU,
            CLASSES,
        ],
        "initial_weights": {"kind": "kaiming"},
    },
    # No pooling but for the mean at the end (Springenberg et al., arXiv 1412.6806).
    "all_conv": {
        "layers": [
            *all_conv_block(32),
            *all_conv_block(64),
            *normed_conv(64),
            RELU,
            conv("classes", 1),
            {"pool": {"kind": "global_average"}},
            FLATTEN,
        ],
        "initial_weights": {"kind": "kaiming"},
    },
    # What the tutorial argues against: every pixel to every unit.
    "mlp": {
        "layers": [
            FLATTEN,
            {"linear": 512},
            RELU,
            {"dropout": 0.2},
            {"linear": 512},
            RELU,
            {"dropout": 0.2},
            CLASSES,
        ],
        "initial_weights": {"kind": "kaiming"},
    },
    "small_bn": {
        "layers": [
            *normed_conv(16),
            RELU,
            pool("max", 2),
            *normed_conv(32),
            RELU,
            pool("max", 2),
            *normed_conv(64),
            RELU,
            pool("max", 2, padding="same"),
            {"dropout": 0.2},
            FLATTEN,
            {"linear": 128},
            RELU,
            {"dropout": 0.2},
            CLASSES,
        ],
        "initial_weights": {"kind": "kaiming"},
    },
    # He et al. 2015, as small as it is still one.
    "resnet_mini": {
        "layers": [
            *normed_conv(16),
            RELU,
            *residual_block(16),
            *residual_block(32, stride=2),
            *residual_block(64, stride=2),
            {"pool": {"kind": "global_average"}},
            FLATTEN,
            CLASSES,
        ],
        "initial_weights": {"kind": "kaiming"},
    },
}
