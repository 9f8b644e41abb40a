"""Where an answer leads: the operations that take what it made."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """The name of what an operation made, where it is answered, and who takes it."""

    parameter: str
    pointer: str
    takers: tuple[str, ...]


# createJob's own answer explains four more.
LINKS = {
    "createJob": Made(
        "job_id",
        "/id",
        (
            "editJob",
            "stopJob",
            "cancelJob",
            "pauseJob",
            "resumeJob",
            "retryJob",
            "reproduceJob",
            "getLineage",
            "readJobLogs",
            "getReport",
            "getCurves",
            "deleteJob",
        ),
    ),
    "createDataset": Made(
        "dataset_id",
        "/id",
        ("getDataset", "getDatasetReport", "getContactSheet", "deleteDataset"),
    ),
    "createModel": Made(
        "name",
        "/name",
        ("getModel", "createVersion", "importVersion", "moveAlias", "deleteModel"),
    ),
    "createPrediction": Made(
        "prediction_id", "/id", ("getPrediction", "downloadResult", "deletePrediction")
    ),
    "createKey": Made("key_id", "/id", ("getKey", "editKey", "revokeKey")),
    "createWebhook": Made(
        "webhook_id",
        "/id",
        (
            "getWebhook",
            "editWebhook",
            "pingWebhook",
            "rotateSecret",
            "listDeliveries",
            "deleteWebhook",
        ),
    ),
}


def add_links(operation: Json) -> None:
    """Lead on from every good answer of an operation that makes something."""
    made = LINKS.get(operation["operationId"])
    if made is None:
        return
    for status, response in operation["responses"].items():
        if status in ("201", "202"):
            links = {taker: link_to(taker, made) for taker in made.takers}
            response["links"] = response.get("links", {}) | links


def link_to(taker: str, made: Made) -> Json:
    value = f"$response.body#{made.pointer}"
    return {"operationId": taker, "parameters": {made.parameter: value}}
