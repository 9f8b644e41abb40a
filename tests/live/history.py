"""Everything that the API tells about one job, read once for an audit."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.live.service import LiveService

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class JobHistory:
    """A job that has ended, with its events, epochs and what its processes said."""

    job: dict[str, Any]
    events: Rows
    metrics: Rows
    checkpoints: Rows
    log: Rows
    digests: dict[int, str]

    @property
    def told_epochs(self) -> list[int]:
        return [e["data"]["epoch"] for e in self.events if e["kind"] == "epoch"]

    @property
    def metrics_epochs(self) -> list[int]:
        return [row["epoch"] for row in self.metrics]

    @property
    def checkpoint_epochs(self) -> list[int]:
        return [row["epoch"] for row in self.checkpoints]

    @property
    def requests(self) -> set[str]:
        return {e["data"]["requested"] for e in self.events if "requested" in e["data"]}

    @property
    def starts(self) -> Rows:
        """The lines with which training processes say where they go on."""
        return [row for row in self.log if row["message"].startswith("training from")]

    def story(self) -> str:
        """Every event and log line in the order of time, for a person to read."""
        told = [
            (when(row), f"#{row['attempt']} {row['kind']} {row['data']}")
            for row in self.events
        ]
        said = [
            (when(row), f"#{row['attempt']}   {row['message']}") for row in self.log
        ]
        return "\n".join(f"{at:%H:%M:%S.%f} {what}" for at, what in sorted(told + said))


def read_history(service: LiveService, job_id: str) -> JobHistory:
    checkpoints = service.get(f"/jobs/{job_id}/checkpoints").json()["data"]
    epochs = [row["epoch"] for row in checkpoints]
    return JobHistory(
        job=service.job(job_id),
        events=read_events(service, job_id),
        metrics=service.get(f"/jobs/{job_id}/metrics").json()["data"],
        checkpoints=checkpoints,
        log=read_log(service, job_id),
        digests={n: weights_digest(service, job_id, n) for n in epochs},
    )


def read_events(service: LiveService, job_id: str) -> Rows:
    """Return the stored events of a job that has ended."""
    stream = service.get(f"/jobs/{job_id}/events").text
    return [json.loads(data) for _number, data in numbered(stream.splitlines())]


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield number and data of each message of a stream that carries a number."""
    data = ""
    number: int | None = None
    for line in lines:
        if line.startswith("id: "):
            number = int(line.removeprefix("id: "))
        elif line.startswith("data: "):
            data = line.removeprefix("data: ")
        elif not line and number is not None:
            yield number, data
            number = None


def read_log(service: LiveService, job_id: str) -> Rows:
    lines = service.get(f"/jobs/{job_id}/logs").text.splitlines()
    return [json.loads(line) for line in lines]


def weights_digest(service: LiveService, job_id: str, epoch: int) -> str:
    """Hash the numbers of a checkpoint without its header, which names the job."""
    path = f"/jobs/{job_id}/checkpoints/{epoch}/download"
    content = service.get(path).content
    header_length = int.from_bytes(content[:8], "little")
    return hashlib.sha256(content[8 + header_length :]).hexdigest()


def when(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["created_at"])
