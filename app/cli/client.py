"""The service's API as the commands use it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

    def list_models(self) -> Json:
        return self._ask("GET", "/models")

    def create_model(self, name: str) -> Json:
        return self._ask("POST", "/models", json={"name": name})

    def add_version(self, name: str, checkpoint_id: str) -> Json:
        body = {"checkpoint_id": checkpoint_id}
        return self._ask("POST", f"/models/{name}/versions", json=body)

    def move_alias(self, alias: str, version: int, if_version: int | None) -> Json:
        body = {"version": version, "if_version": if_version}
        return self._ask("PUT", f"/models/{alias}", json=body)

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
