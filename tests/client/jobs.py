"""Answers of a service, as JSON."""

import json
from hashlib import sha256

QUEUED = {
    "object": "job",
    "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "status": "queued",
    "is_terminal": False,
    "spec": {"preset": "tutorial", "dataset": "mnist", "seed": 7, "epochs": 2},
    "created_at": "2026-11-23T09:30:00Z",
}
JOB = json.dumps(QUEUED)
ENDED_JOB = json.dumps(QUEUED | {"status": "cancelled", "is_terminal": True})

WEIGHTS = b"weights" * 1000
CHECKPOINT = {
    "id": "c56a4180-65aa-42ec-a945-5fd21dec0538",
    "job_id": QUEUED["id"],
    "epoch": 1,
    "created_at": "2026-11-23T09:30:00Z",
    "val_loss": 0.5,
    "val_accuracy": 0.9,
    "size_bytes": len(WEIGHTS),
    "sha256": sha256(WEIGHTS).hexdigest(),
}


def event(number: int, kind: str) -> str:
    """Return an event as it stands in a stream."""
    data = json.dumps({"number": number, "kind": kind, "data": {}})
    return f"event: {kind}\nid: {number}\ndata: {data}\n\n"


PROGRESS = 'event: progress\ndata: {"epoch": 1}\n\n'
