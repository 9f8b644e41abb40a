"""The verbs of the service, for programs and for the commands."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Unpack

from app.client import download, events
from app.client.address import find_key, find_url
from app.client.answers import (
    Checkpoint,
    EpochMetrics,
    Event,
    Job,
    LogLine,
    Report,
)
from app.client.connection import Connection, Model, read_answer, read_json
from app.client.errors import Json, StillRunning
from app.client.pictures import Epoch, Picture, PredictOptions, uploads_of
from app.client.predictions import Predictions
from app.client.retries import Retries
from app.client.webhooks import WebhookVerbs

PAGE = 100
POLL_SECONDS = 0.25


class Client(WebhookVerbs):
    """Speaks to one service, by URL and key or as the environment says.

    Requests that cannot do harm twice are sent again by themselves; those that create
    something carry an idempotency key, and so cannot either. What is refused is
    raised as a ClientError with all that the service said.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        retries: Retries | None = None,
    ) -> None:
        self.url = find_url(url)
        self._connection = Connection(
            self.url, find_key(key, self.url), retries or Retries()
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def ask(self, method: str, path: str, **content: Any) -> Json:
        """Send a request that has no verb here; it may be sent more than once."""
        return self._connection.ask(method, path, **content)

    def create(self, path: str, body: Json) -> Json:
        """Post to a route that has no verb here, with an idempotency key."""
        return self._connection.create(path, body)

    def submit(self, spec: Mapping[str, Any] | None = None, /, **values: Any) -> Job:
        """Submit a training job: a preset and hyperparameters, as POST /jobs takes."""
        return self._read(Job, self.create("/jobs", {**(spec or {}), **values}))

    def train(self, spec: Mapping[str, Any] | None = None, /, **values: Any) -> Job:
        """Submit a job and wait for its end."""
        return self.wait(self.submit(spec, **values).id)

    def job(self, job_id: str) -> Job:
        return self._read(Job, self.ask("GET", f"/jobs/{job_id}"))

    def jobs(self, status: str | None = None) -> Iterator[Job]:
        """Yield every job, newest first, a page at a time as they are asked for."""
        query: Json = {"limit": PAGE} | ({} if status is None else {"status": status})
        while True:
            page = self.ask("GET", "/jobs", params=query)
            yield from (self._read(Job, document) for document in page["data"])
            if not page["has_more"]:
                return
            query["after"] = page["last_id"]

    def follow(self, job_id: str, *, after: int = 0) -> Iterator[Event]:
        """Yield a job's events until it ends, whatever becomes of the connection."""
        return events.follow(self._connection, job_id, after)

    def wait(self, job_id: str, *, seconds: float | None = None) -> Job:
        """Return the job once it has ended.

        Raises:
            StillRunning: It has not within so many seconds; a paused one never does.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while not (job := self.job(job_id)).is_terminal:
            if deadline is not None and time.monotonic() >= deadline:
                raise StillRunning(f"The job is {job.status} after {seconds:g} s.")
            self._connection.retries.sleep(POLL_SECONDS)
        return job

    def stop(self, job_id: str) -> Job:
        """End the training and keep its result."""
        return self._act(job_id, "stop")

    def cancel(self, job_id: str) -> Job:
        return self._act(job_id, "cancel")

    def pause(self, job_id: str) -> Job:
        return self._act(job_id, "pause")

    def resume(self, job_id: str) -> Job:
        return self._act(job_id, "resume")

    def retry(self, job_id: str, **overrides: Any) -> Job:
        """Submit a new job with an old one's spec, but for the overrides."""
        return self._read(Job, self.create(f"/jobs/{job_id}/retry", overrides))

    def delete(self, job_id: str, *, files_only: bool = False) -> None:
        """Delete a job that has ended; with `files_only` its checkpoints' bytes."""
        query = {"files_only": files_only}
        self.ask("DELETE", f"/jobs/{job_id}", params=query)

    def upload(
        self, files: Sequence[tuple[str, IO[bytes]]], fields: Mapping[str, str]
    ) -> Json:
        """Send a dataset's files as they are read; wait for what they are."""
        dataset = self.send_files("/datasets", files, fields)
        while dataset["status"] == "validating":
            self._connection.retries.sleep(POLL_SECONDS)
            dataset = self.ask("GET", f"/datasets/{dataset['id']}")
        return dataset

    def send_files(
        self,
        path: str,
        files: Sequence[tuple[str, IO[bytes]]],
        fields: Mapping[str, str],
    ) -> Json:
        """Post files once: what was read of them cannot be read again."""
        uploads = [("file", named) for named in files]
        sent = self._connection.open("POST", path, files=uploads, data=dict(fields))
        with sent as response:
            response.read()
            return read_json(response)

    def datasets(self) -> Iterator[Json]:
        """Yield every dataset, a page at a time as they are asked for."""
        query: Json = {"limit": PAGE}
        while True:
            page = self.ask("GET", "/datasets", params=query)
            yield from page["data"]
            if not page["has_more"]:
                return
            query["after"] = page["last_id"]

    def metrics(self, job_id: str) -> list[EpochMetrics]:
        return self._list(EpochMetrics, f"/jobs/{job_id}/metrics")

    def report(self, job_id: str) -> Report:
        """Return how the best checkpoint did on the test images."""
        return self._read(Report, self.ask("GET", f"/jobs/{job_id}/report"))

    def logs(self, job_id: str, *, after: int = 0) -> list[LogLine]:
        """Return what the job's processes said, the newest 2000 lines of it."""
        path, query = f"/jobs/{job_id}/logs", {"after": after}
        text = self._connection.send("GET", path, params=query).text
        # Not splitlines, which would also split at characters within a message.
        lines = (line for line in text.split("\n") if line)
        return [self._read(LogLine, json.loads(line)) for line in lines]

    def checkpoints(self, job_id: str) -> list[Checkpoint]:
        return self._list(Checkpoint, f"/jobs/{job_id}/checkpoints")

    def pull(self, job_id: str, epoch: Epoch = "best", to: str | Path = ".") -> Path:
        """Download a checkpoint; `to` is a file, or a directory for its usual name.

        The file is there whole and verified, or not at all.
        """
        best = self.job(job_id).best_epoch
        checkpoint = download.choose(self.checkpoints(job_id), best, epoch)
        target = download.target_of(checkpoint, Path(to))
        download.pull(self._connection, checkpoint, target)
        return target

    def predict(
        self, pictures: Iterable[Picture], **options: Unpack[PredictOptions]
    ) -> Predictions:
        """Say what each file, named bytes or array of uint8 shows."""
        uploads = uploads_of(list(pictures))
        answer = self.ask("POST", "/predict", files=uploads, params={**options})
        return self._read(Predictions, answer)

    def _act(self, job_id: str, action: str) -> Job:
        return self._read(Job, self.ask("POST", f"/jobs/{job_id}/{action}"))

    def _list(self, model: type[Model], path: str) -> list[Model]:
        return [self._read(model, item) for item in self.ask("GET", path)["data"]]

    def _read(self, model: type[Model], document: object) -> Model:
        return read_answer(model, document, self.url)
