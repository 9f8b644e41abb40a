"""The service's API as the commands use it."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx2

from app.errors import ServiceRefused

POLL_SECONDS = 0.25
TIMEOUT_SECONDS = 60.0
PROBLEM_JSON = "application/problem+json"
Json = dict[str, Any]


@dataclass(frozen=True)
class Client:
    """Speaks to one service; a refusal becomes a ServiceRefused in its own words."""

    url: str

    def submit(self, spec: Json) -> Json:
        return self._ask("POST", "/jobs", json=spec)

    def get_job(self, job_id: str) -> Json:
        return self._ask("GET", f"/jobs/{job_id}")

    def follow(self, job_id: str) -> Iterator[Json]:
        """Yield the job as it changes, at last in its terminal status."""
        while True:
            job = self.get_job(job_id)
            yield job
            if job["is_terminal"]:
                return
            time.sleep(POLL_SECONDS)

    def predict(self, files: list[tuple[str, bytes]], job_id: str | None) -> Json:
        uploads = [("images", (name, content)) for name, content in files]
        query = {} if job_id is None else {"job_id": job_id}
        return self._ask("POST", "/predict", files=uploads, params=query)

    def upload(
        self, files: Sequence[tuple[str, IO[bytes]]], fields: dict[str, str]
    ) -> Json:
        """Send files as they are read, and wait for what they turn out to be."""
        uploads = [("file", named) for named in files]
        dataset = self._ask("POST", "/datasets", files=uploads, data=fields)
        while dataset["status"] == "validating":
            time.sleep(POLL_SECONDS)
            dataset = self._ask("GET", f"/datasets/{dataset['id']}")
        return dataset

    def list_datasets(self) -> Iterator[Json]:
        """Yield every dataset, page by page."""
        query: dict[str, str] = {}
        while True:
            page = self._ask("GET", "/datasets", params=query)
            yield from page["data"]
            if not page["has_more"]:
                return
            query = {"after": page["last_id"]}

    def _ask(self, method: str, path: str, **content: Any) -> Json:
        address = self.url.rstrip("/") + path
        try:
            response = httpx2.request(
                method, address, timeout=TIMEOUT_SECONDS, **content
            )
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            raise ServiceRefused(
                f"No Modelmill answers at {self.url} ({error}); start it with "
                "`modelmill serve`."
            ) from error
        if not response.is_success:
            raise ServiceRefused(describe_refusal(response))
        return read_answer(response)


def read_answer(response: httpx2.Response) -> Json:
    try:
        answer: Json = response.json()
    except ValueError as error:
        message = f"What answers at {response.url} is not Modelmill."
        raise ServiceRefused(message) from error
    return answer


def describe_refusal(response: httpx2.Response) -> str:
    """Return the problem's own words, each violation with its place."""
    if not response.headers.get("content-type", "").startswith(PROBLEM_JSON):
        return f"{response.status_code} {response.reason_phrase}"
    problem = response.json()
    lines = [problem["detail"]]
    for violation in problem.get("errors", []):
        place = violation.get("file") or violation["pointer"]
        lines.append(f"  {place}: {violation['message']}")
    return "\n".join(lines)


def read_file(path: Path) -> tuple[str, bytes]:
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise ServiceRefused(f"Cannot read {path}: {error.strerror}.") from error
