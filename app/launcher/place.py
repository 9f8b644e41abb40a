"""What must be free before anything starts: the data directory and the port."""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import ServiceRefused

LOCK_NAME = "serve.lock"


@contextmanager
def sole_use(data_dir: Path) -> Iterator[None]:
    """Hold the data directory for this process alone, creating it if need be.

    Raises:
        ServiceRefused: It cannot be written, or another service holds it.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / LOCK_NAME).open("a")
    except OSError as error:
        message = f"Cannot write to the data directory {data_dir}: {error.strerror}."
        raise ServiceRefused(message) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ServiceRefused(
                f"Another Modelmill already runs on {data_dir}; stop it, or choose "
                "another directory with MODELMILL_DATA_DIR."
            ) from error
        yield


def demand_free_port(host: str, port: int) -> None:
    """Raise ServiceRefused if nothing can listen there now."""
    try:
        with listening_socket(host, port):
            return
    except OSError as error:
        raise ServiceRefused(
            f"Port {port} on {host} is taken ({error.strerror}); choose another with "
            "MODELMILL_PORT."
        ) from error


def free_port(host: str) -> int:
    """Return a port that was free a moment ago."""
    with listening_socket(host, 0) as listener:
        port: int = listener.getsockname()[1]
        return port


def listening_socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    # As the server itself does, so that a port just closed counts as free.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
