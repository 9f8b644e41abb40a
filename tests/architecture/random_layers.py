"""Random architectures, most of which nearly work."""

from random import Random
from typing import Any

Json = dict[str, Any]

ACTIVATIONS = ("relu", "leaky_relu", "elu", "gelu", "silu", "sigmoid", "tanh")


def random_architecture(seed: int) -> Json:
    """Return layers of every kind in an order that works more often than not."""
    random = Random(seed)
    maps = [random_map_layer(random) for _ in range(random.randint(0, 6))]
    flat: list[Json] = [
        {"linear": {"units": random.randint(1, 9), "bias": flip(random)}}
        for _ in range(random.randint(0, 2))
    ]
    if random.random() < 0.1:
        random.shuffle(maps)
        flat.insert(0, {"flatten": {}})
    layers = [*maps, {"flatten": {}}, *flat, {"linear": "classes"}]
    if random.random() < 0.05:
        layers.remove({"flatten": {}})
    kinds = ("normal", "xavier", "kaiming", "orthogonal")
    return {"layers": layers, "initial_weights": {"kind": random.choice(kinds)}}


def random_map_layer(random: Random) -> Json:
    make = random.choice((random_conv, random_pool, random_residual, random_small))
    return make(random)


def flip(random: Random) -> bool:
    return random.random() < 0.5


def random_conv(random: Random) -> Json:
    return {
        "conv": {
            "filters": random.choice((2, 3, 4, 6)),
            "kernel": random.randint(1, 5),
            "stride": random.choice((1, 1, 2, 3)),
            "padding": random.choice(("same", "same", "valid", 1, 2)),
            "groups": random.choice((1, 1, 1, 2)),
            "dilation": random.choice((1, 1, 2)),
            "bias": flip(random),
        }
    }


def random_pool(random: Random) -> Json:
    if random.random() < 0.1:
        return {"pool": {"kind": "global_average"}}
    return {
        "pool": {
            "kind": random.choice(("max", "average", "l2")),
            "size": random.randint(1, 4),
            "stride": random.choice((1, 2, 2, 3)),
            "padding": random.choice(("same", "same", "valid", 1)),
        }
    }


def random_small(random: Random) -> Json:
    layers: tuple[Json, ...] = (
        {"activation": random.choice(ACTIVATIONS)},
        {"batch_norm": {}},
        {
            "dropout": {
                "probability": 0.25,
                "kind": random.choice(("element", "channel")),
            }
        },
    )
    return random.choice(layers)


def random_residual(random: Random) -> Json:
    makers = (random_conv, random_small, random_pool)
    layers = [random.choice(makers)(random) for _ in range(random.randint(1, 3))]
    shortcut = random.choice(("identity", "projection", "projection"))
    return {"residual": {"layers": layers, "shortcut": shortcut}}
