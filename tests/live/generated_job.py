"""A whole job through a client that openapi-python-client made of our document.

Run by the generator's Python, which has the libraries that its clients use:
`python generated_job.py URL KEY PICTURE`, with the folder of the client on its path.
Prints what became of it as JSON.
"""

import json
import sys
import time
from pathlib import Path

from modelmill_client import AuthenticatedClient
from modelmill_client.api.checkpoints import download_checkpoint, list_checkpoints
from modelmill_client.api.jobs import create_job, get_job, list_job_metrics
from modelmill_client.api.predictions import predict
from modelmill_client.models import (
    JobDetail,
    JobPublic,
    JobRequest,
    PredictFilesBody,
)
from modelmill_client.types import File

PATIENCE_SECONDS = 120
POLL_SECONDS = 0.2


def main(url: str, key: str, picture: Path) -> None:
    client = AuthenticatedClient(url, key, raise_on_unexpected_status=True)
    request = JobRequest(
        epochs=2, batch_size=32, validation_size=256, seed=3, name="generated"
    )
    job = create_job.sync(client=client, body=request, idempotency_key="generated")
    assert isinstance(job, JobPublic), job
    ended = wait_for_end(client, job)
    kept = list_checkpoints.sync(job.id, client=client)
    epochs = list_job_metrics.sync(job.id, client=client)
    weights = download_checkpoint.sync(job.id, 1, client=client)
    body = PredictFilesBody(image=File(picture.open("rb"), picture.name))
    answer = predict.sync(client=client, body=body, job_id=job.id)
    found = {
        "status": ended.status,
        "checkpoints": [checkpoint.epoch for checkpoint in kept.data],
        "epochs": [row.epoch for row in epochs.data],
        "weights": len(weights.payload.read()),
        "label": answer.data[0].label,
        "answered_by": str(answer.checkpoint.job_id),
        "job": str(job.id),
    }
    sys.stdout.write(json.dumps(found))


def wait_for_end(client: AuthenticatedClient, job: JobPublic) -> JobDetail:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        shown = get_job.sync(job.id, client=client)
        if shown.is_terminal:
            return shown
        time.sleep(POLL_SECONDS)
    raise TimeoutError(job.id)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
