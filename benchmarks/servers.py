"""The servers that benchmarks.serving compares: one process takes requests in each."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil

from app.launcher.place import free_port
from app.leash import leashed
from tests.live.processes import family_of

BENCH_BIN = Path(".venv-bench/bin")
HOST = "127.0.0.1"
READY_SECONDS = 90.0
LOOK_SECONDS = 0.2
QUIET = {"BENTOML_DO_NOT_TRACK": "True", "OMP_NUM_THREADS": "1"}
OURS, BARE = "modelmill", "bare"


class ServerFailed(Exception):
    """A server did not answer in time."""


@dataclass(frozen=True)
class Server:
    """A server that runs, with everything below it."""

    name: str
    url: str
    process: psutil.Process

    def halt(self) -> None:
        """Stop it in its tracks: what it does while idle disturbs nobody."""
        for process in family_of(self.process):
            process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        for process in family_of(self.process):
            process.send_signal(signal.SIGCONT)


def commands(bench_bin: Path, port: int) -> Mapping[str, Sequence[str]]:
    """Return how to start each of the others, those that are installed."""
    bare = [sys.executable, "-m", "uvicorn", "benchmarks.bare_endpoint:app"]
    place = [f"--host={HOST}", f"--port={port}"]
    found = {BARE: [*bare, *place, "--no-access-log", "--log-level=warning"]}
    python, bentoml = bench_bin / "python", bench_bin / "bentoml"
    if (bench_bin / "litserve").exists():
        litserve = [str(python), "-m", "benchmarks.litserve_peer", str(port)]
        found["litserve"] = litserve
    if bentoml.exists():
        serve = [str(bentoml), "serve", "benchmarks.bentoml_peer:Digits"]
        found["bentoml"] = [*serve, *place]
    return found


@contextmanager
def server(name: str, bench_bin: Path) -> Iterator[Server]:
    """Start one of the others and wait until it answers."""
    port = free_port(HOST)
    process = subprocess.Popen(
        leashed([*commands(bench_bin, port)[name]]),
        env={**os.environ, **QUIET},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    started = psutil.Process(process.pid)
    try:
        wait_for(f"http://{HOST}:{port}/", name)
        yield Server(name, f"http://{HOST}:{port}/predict", started)
    finally:
        for member in reversed(family_of(started)):
            member.kill()
        process.wait()


def wait_for(url: str, name: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            httpx2.get(url, timeout=5)
        except httpx2.TransportError as error:
            if time.monotonic() > deadline:
                raise ServerFailed(f"{name} did not answer") from error
            time.sleep(LOOK_SECONDS)
        else:
            return
