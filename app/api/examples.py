"""Examples of requests, shown in the OpenAPI document and tested against it."""

from fastapi.openapi.models import Example

JOB_EDITS: dict[str, Example] = {
    "priority": {"summary": "Let it start sooner", "value": {"priority": 10}},
    "names": {
        "summary": "Give it a name and tags",
        "value": {"name": "baseline", "tags": ["mnist"], "metadata": {"by": "anna"}},
    },
}
RETRIES: dict[str, Example] = {
    "same": {"summary": "Exactly the same again", "value": {}},
    "slower": {
        "summary": "With a smaller learning rate",
        "value": {"learning_rate": 0.0001},
    },
}
BULK: dict[str, Example] = {
    "cancel": {
        "summary": "Cancel two jobs",
        "value": {
            "action": "cancel",
            "ids": [
                "7c9e6679-7425-40de-944b-e07fc1f90ae7",
                "0b2f6c1e-9d35-4c7a-8f57-3a1d90c4e2b8",
            ],
        },
    },
}
LAYERS = [
    {"conv": {"filters": 16, "kernel": 3, "padding": "same", "bias": False}},
    {"batch_norm": {}},
    {"activation": "relu"},
    {"pool": {"kind": "max", "size": 2}},
    {"dropout": 0.2},
    {"flatten": {}},
    {"linear": "classes"},
]
DESCRIPTIONS: dict[str, Example] = {
    "name": {"summary": "By name", "value": {"architecture": "lenet5"}},
    "layers": {
        "summary": "Layer by layer",
        "value": {"architecture": {"layers": LAYERS}, "dataset": "fashion-mnist"},
    },
    "colours": {
        "summary": "For pictures in colour, of another size",
        "value": {
            "architecture": "tutorial",
            "input_shape": [3, 32, 48],
            "classes": 3,
        },
    },
}
JOB_REQUESTS: dict[str, Example] = {
    "tutorial": {
        "summary": "The tutorial's network, two epochs",
        "value": {"preset": "tutorial", "epochs": 2},
    },
    "layers": {
        "summary": "A network of your own",
        "value": {
            "epochs": 2,
            "architecture": {"layers": LAYERS, "initial_weights": {"kind": "kaiming"}},
        },
    },
    "adam": {
        "summary": "Another optimizer, shuffled batches, a fixed seed",
        "value": {
            "preset": "tutorial",
            "epochs": 5,
            "batch_size": 256,
            "learning_rate": 0.0005,
            "optimizer": {"kind": "adam", "beta1": 0.9, "beta2": 0.999},
            "shuffle": True,
            "seed": 7,
        },
    },
}
