"""A whole service as a test sees it: real processes on a directory of its own."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import psutil

from app.launcher.place import free_port
from app.leash import leashed
from tests.live.processes import family_of, processes_on

PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.1  # each look costs the API some milliseconds
AWAY = 503
MODELMILL = [sys.executable, "-c", "from app.cli import main; main()"]
QUICK: dict[str, object] = {
    "heartbeat_seconds": 0.5,
    "lease_seconds": 3,
    "reconcile_seconds": 0.5,
    "redelivery_seconds": 2,
    "spare_seconds": 0.5,
    "fetch_datasets": False,
    "auth": "off",
}


class LiveService:
    """`modelmill serve` on a data directory, and a patient client of its API."""

    process: subprocess.Popen[bytes]

    def __init__(self, data_dir: Path, **settings: object) -> None:
        self.data_dir = data_dir
        port = free_port("127.0.0.1")
        chosen = {**QUICK, "data_dir": data_dir, "port": port, **settings}
        self.environment = environment_of(**chosen)
        self.url = f"http://127.0.0.1:{port}"
        self.client = httpx2.Client(base_url=self.url, timeout=60)
        self.accepted: list[str] = []
        self.answers: Counter[int] = Counter()

    def start(self) -> None:
        """Start the processes, and wait until the API takes jobs."""
        self.process = start_command("serve", self.data_dir, self.environment)
        wait_until(self.is_ready, self.log)

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log()
        try:
            return self.client.get("/readyz").is_success
        except httpx2.TransportError:
            return False

    def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Send a request again until the API is there and has its database."""
        answer: httpx2.Response | None = None

        def answered() -> bool:
            nonlocal answer
            try:
                answer = self.client.request(method, path, **options)
            except httpx2.TransportError:
                return False
            self.answers[answer.status_code] += 1
            return answer.status_code != AWAY

        wait_until(answered, lambda: f"no answer to {method} {path}\n{self.log()}")
        assert answer is not None
        return answer

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx2.Response:
        return self.request("POST", path, **options)

    def submit(self, **spec: Any) -> str:
        response = self.post("/jobs", json=spec)
        assert response.status_code == 201, response.text
        job_id: str = response.json()["id"]
        self.accepted.append(job_id)
        return job_id

    def job(self, job_id: str) -> dict[str, Any]:
        job: dict[str, Any] = self.get(f"/jobs/{job_id}").json()
        return job

    def wait_for(
        self, job_id: str, reached: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """Poll a job until it is as wanted; fail when patience ends."""
        job: dict[str, Any] = {}

        def look() -> bool:
            nonlocal job
            job = self.job(job_id)
            return reached(job)

        wait_until(look, lambda: f"the job stands at {job}\n{self.log()}")
        return job

    def wait_for_end(self, job_id: str) -> dict[str, Any]:
        return self.wait_for(job_id, lambda job: bool(job["is_terminal"]))

    def processes(self) -> list[psutil.Process]:
        """Every process below `modelmill serve`, in whatever session it runs."""
        return family_of(psutil.Process(self.process.pid))[1:]

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)

    def close(self) -> None:
        """Stop what runs, by force in the end; at the end nothing of it is left."""
        self.client.close()
        if self.process.poll() is None:
            self.stop()
        for leftover in processes_on(self.data_dir):
            leftover.kill()

    def log(self) -> str:
        return (self.data_dir / "serve.log").read_text(errors="replace")


@contextmanager
def live_service(data_dir: Path, **settings: object) -> Iterator[LiveService]:
    """Start the service and wait for its api; at the end nothing of it is left."""
    service = LiveService(data_dir, **settings)
    try:
        service.start()
        yield service
    finally:
        service.close()


def wait_until(
    reached: Callable[[], bool],
    describe: Callable[[], str],
    seconds: float = PATIENCE_SECONDS,
) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, describe()
        time.sleep(POLL_SECONDS)


def environment_of(**settings: object) -> dict[str, str]:
    return {f"MODELMILL_{name.upper()}": str(v) for name, v in settings.items()}


def start_command(
    name: str, data_dir: Path, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start a command of ours, on a leash: a killed test run leaves nothing behind."""
    with (data_dir / "serve.log").open("ab") as log:
        return subprocess.Popen(
            leashed([*MODELMILL, name]),
            env={**os.environ, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
