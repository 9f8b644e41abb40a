"""Examples of requests, shown in the OpenAPI document and tested against it."""

from fastapi.openapi.models import Example

JOB_REQUESTS: dict[str, Example] = {
    "tutorial": {
        "summary": "The tutorial's network, two epochs",
        "value": {"preset": "tutorial", "epochs": 2},
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
