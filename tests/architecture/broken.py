"""Networks that cannot work, and what is said of each."""

from typing import Any

Json = dict[str, Any]

FLATTEN: Json = {"flatten": {}}
END: list[Json] = [FLATTEN, {"linear": "classes"}]


def conv(**values: object) -> Json:
    return {"conv": {"filters": 8, "kernel": 3, **values}}


def pool(**values: object) -> Json:
    return {"pool": {"kind": "max", "size": 2, **values}}


def residual(*layers: Json, shortcut: str = "identity") -> Json:
    return {"residual": {"layers": list(layers), "shortcut": shortcut}}


CASES: dict[str, tuple[list[Json], tuple[str, str, str]]] = {
    "not whole": (
        [conv(kernel=5, stride=2), *END],
        (
            "layers/0/conv/kernel",
            "output_not_whole",
            "(28 − 5 + 2·0)/2 + 1 = 12.5 is not whole",  # noqa: RUF001
        ),
    ),
    "pooling not whole": (
        [pool(size=3, stride=2), *END],
        (
            "layers/0/pool/size",
            "output_not_whole",
            "(28 − 3 + 2·0)/2 + 1 = 13.5 is not whole",  # noqa: RUF001
        ),
    ),
    "kernel too large": (
        [conv(kernel=31, padding=1), *END],
        (
            "layers/0/conv/kernel",
            "kernel_larger_than_input",
            "A window of 31 does not fit into the padded input, 28 + 2·1 = 30.",
        ),
    ),
    "dilated kernel too large": (
        [conv(kernel=5, dilation=8), *END],
        (
            "layers/0/conv/kernel",
            "kernel_larger_than_input",
            "A window of 33 (8·(5 − 1) + 1) does not fit",  # noqa: RUF001
        ),
    ),
    "padding too large": (
        [conv(kernel=3, padding=29), *END],
        (
            "layers/0/conv/padding",
            "padding_too_large",
            "Padding 29 is more than the input's side, 28.",
        ),
    ),
    "pool padding": (
        [pool(size=3, stride=1, padding=2), *END],
        (
            "layers/0/pool/padding",
            "pool_padding_too_large",
            "Padding 2 is more than half of the window: 2·2 > 3",
        ),
    ),
    "convolution after flatten": (
        [FLATTEN, conv(), {"linear": "classes"}],
        ("layers/1/conv", "maps_after_flatten", "A convolution needs channels"),
    ),
    "pooling after flatten": (
        [FLATTEN, pool(), {"linear": "classes"}],
        ("layers/1/pool", "maps_after_flatten", "A pooling needs channels"),
    ),
    "global pooling after flatten": (
        [FLATTEN, {"pool": {"kind": "global_average"}}, {"linear": "classes"}],
        ("layers/1/pool", "maps_after_flatten", "A pooling needs channels"),
    ),
    "residual after flatten": (
        [FLATTEN, residual(conv()), {"linear": "classes"}],
        ("layers/1/residual", "maps_after_flatten", "A residual block needs"),
    ),
    "channels dropped after flatten": (
        [
            FLATTEN,
            {"dropout": {"probability": 0.5, "kind": "channel"}},
            {"linear": "classes"},
        ],
        ("layers/1/dropout", "maps_after_flatten", "Dropping channels needs"),
    ),
    "linear before flatten": (
        [conv(), {"linear": "classes"}],
        (
            "layers/1/linear",
            "linear_before_flatten",
            "A linear layer needs a flatten first; 8x26x26 comes in.",
        ),
    ),
    "two flattens": (
        [FLATTEN, FLATTEN, {"linear": "classes"}],
        ("layers/1/flatten", "second_flatten", "It is flat already"),
    ),
    "outputs": (
        [FLATTEN, {"linear": 12}, {"activation": "relu"}],
        ("layers/1/linear/units", "wrong_outputs", "12 outputs for 10 classes"),
    ),
    "outputs of a convolution": (
        [conv(kernel=28, filters=9), FLATTEN],
        ("layers/0/conv/filters", "wrong_outputs", "9 outputs for 10 classes"),
    ),
    "outputs of pixels": (
        [FLATTEN],
        ("layers", "wrong_outputs", "784 outputs for 10 classes"),
    ),
    "no end": (
        [conv()],
        ("layers", "wrong_outputs", "The network ends in 8x26x26; a flatten, and 10"),
    ),
    "groups": (
        [conv(filters=8), conv(filters=6, groups=3), *END],
        (
            "layers/1/conv/groups",
            "groups_do_not_divide",
            "The input channels do not divide into groups: 8/3 = 2.667.",
        ),
    ),
    "branch of another shape": (
        [residual(conv()), *END],
        (
            "layers/0/residual/shortcut",
            "residual_shape",
            "1x28x28 comes in and the branch ends in 8x26x26; they cannot be added.",
        ),
    ),
    "projection to no shape": (
        [residual(conv(), shortcut="projection"), *END],
        (
            "layers/0/residual/shortcut",
            "residual_shape",
            "ceil(28/S) = 26 and ceil(28/S) = 26 have no common solution.",
        ),
    ),
    "inside a branch": (
        [residual(pool(size=3, stride=2), shortcut="projection"), *END],
        ("layers/0/residual/layers/0/pool/size", "output_not_whole", "13.5"),
    ),
    "parameters": (
        [FLATTEN, {"linear": 8192}, {"linear": 8192}, {"linear": "classes"}],
        (
            "layers/2/linear",
            "too_many_parameters",
            "73,629,706 parameters; 16,000,000 are allowed. "
            "This layer has 67,117,056 of them.",
        ),
    ),
    "multiply-adds": (
        [conv(filters=1000, padding="same"), conv(filters=100, padding="same"), *END],
        (
            "layers/1/conv",
            "too_many_multiply_adds",
            "500,000,000 are allowed. This layer has 705,600,000 of them.",
        ),
    ),
    "window reads": (
        [
            conv(filters=900, padding="same"),
            pool(size=28, stride=1, padding="same"),
            {"pool": {"kind": "global_average"}},
            *END,
        ],
        ("layers/1/pool", "too_many_window_reads", "numbers read by pooling windows"),
    ),
    "memory": (
        [
            conv(filters=1500, padding="same"),
            {"activation": "relu"},
            {"pool": {"kind": "global_average"}},
            *END,
        ],
        ("layers/0/conv", "too_much_memory", "8,388,608 are allowed."),
    ),
    "layers": (
        [residual(*[{"activation": "relu"}] * 20)] * 10 + END,
        ("layers/0/residual/layers/0/activation", "too_many_layers", "212 layers"),
    ),
}
