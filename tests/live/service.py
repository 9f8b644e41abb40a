"""A whole service as a test sees it: real processes on a directory of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil

from app.launcher.place import free_port

PATIENCE_SECONDS = 60.0
MODELMILL = [sys.executable, "-c", "from app.cli import main; main()"]


@dataclass
class LiveService:
    """`modelmill serve` on a data directory, and the API that it offers."""

    data_dir: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return httpx2.get(self.url + path, timeout=30, **options)

    def post(self, path: str, **options: Any) -> httpx2.Response:
        return httpx2.post(self.url + path, timeout=30, **options)

    def submit(self, **spec: Any) -> str:
        response = self.post("/jobs", json=spec)
        assert response.status_code == 201, response.text
        job_id: str = response.json()["id"]
        return job_id

    def wait_for(
        self, job_id: str, reached: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """Poll a job until it is as wanted; fail when patience ends."""
        job: dict[str, Any] = {}

        def look() -> bool:
            nonlocal job
            job = self.get(f"/jobs/{job_id}").json()
            return reached(job)

        wait_until(look, lambda: f"the job stands at {job}\n{self.log()}")
        return job

    def processes(self) -> list[psutil.Process]:
        """Every process below `modelmill serve`, in whatever session it runs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def find(self, *words: str) -> psutil.Process:
        """The topmost process whose command line has all the words."""
        for process in self.processes():
            with suppress(psutil.Error):
                if all(word in " ".join(process.cmdline()) for word in words):
                    return process
        raise AssertionError(f"no process {words} below serve\n{self.log()}")

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)

    def log(self) -> str:
        return (self.data_dir / "serve.log").read_text(errors="replace")


def wait_until(reached: Callable[[], bool], describe: Callable[[], str]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < deadline, describe()
        time.sleep(0.05)


@contextmanager
def live_service(data_dir: Path, **settings: object) -> Iterator[LiveService]:
    """Start the service and wait for its api; at the end nothing of it is left."""
    port = free_port("127.0.0.1")
    process = start_serve(data_dir, port, **settings)
    service = LiveService(data_dir, port, process)
    try:
        wait_until(lambda: is_ready(service), service.log)
        yield service
    finally:
        left = service.processes() if process.poll() is None else []
        if process.poll() is None:
            service.stop()
        psutil.wait_procs(left, timeout=10)
        for leftover in left:
            with suppress(psutil.NoSuchProcess):
                leftover.kill()


def is_ready(service: LiveService) -> bool:
    assert service.process.poll() is None, service.log()
    try:
        return service.get("/readyz").is_success
    except httpx2.TransportError:
        return False


def start_serve(
    data_dir: Path, port: int, **settings: object
) -> subprocess.Popen[bytes]:
    quick = {"heartbeat_seconds": 0.5, "lease_seconds": 3, "reconcile_seconds": 0.5}
    chosen = {"data_dir": data_dir, "port": port, **quick, **settings}
    environment = {f"MODELMILL_{name.upper()}": str(v) for name, v in chosen.items()}
    with (data_dir / "serve.log").open("ab") as log:
        return subprocess.Popen(
            [*MODELMILL, "serve"],
            env={**os.environ, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
