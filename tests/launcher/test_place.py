"""A data directory has one service, and a port one listener."""

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.errors import ServiceRefused
from app.launcher.place import (
    demand_free_port,
    free_port,
    listening_socket,
    sole_use,
)

HOST = "127.0.0.1"
HOLD = """
import sys
from pathlib import Path
from app.launcher.place import sole_use
with sole_use(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """Have another process hold the directory until its input ends."""
    command = [sys.executable, "-c", HOLD, str(data_dir)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


def test_a_missing_data_directory_is_made_with_its_parents(tmp_path: Path) -> None:
    with sole_use(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b").is_dir()


def test_a_directory_that_another_process_holds_is_refused(tmp_path: Path) -> None:
    with (
        held_elsewhere(tmp_path),
        pytest.raises(ServiceRefused) as refusal,
        sole_use(tmp_path),
    ):
        pytest.fail("the directory was given")

    assert str(refusal.value) == (
        f"Another Modelmill already runs on {tmp_path}; stop it, or choose another "
        "directory with MODELMILL_DATA_DIR."
    )


def test_a_directory_given_back_is_free_for_another_process(tmp_path: Path) -> None:
    with sole_use(tmp_path):
        pass

    with held_elsewhere(tmp_path) as holder:
        assert holder.poll() is None


def test_a_directory_is_given_back_when_its_holder_is_killed(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path) as holder:
        holder.kill()

    with sole_use(tmp_path):
        pass


# Tests may run as root, whom no mode keeps out: a file in the way keeps out anyone.
def test_a_file_in_the_way_of_the_data_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("not a directory")

    with (
        pytest.raises(
            ServiceRefused,
            match=f"^Cannot write to the data directory {tmp_path}/var: File exists",
        ),
        sole_use(tmp_path / "var"),
    ):
        pytest.fail("the directory was given")


def test_a_lock_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "serve.lock").mkdir()

    with (
        pytest.raises(ServiceRefused, match=f"{tmp_path}: Is a directory"),
        sole_use(tmp_path),
    ):
        pytest.fail("the directory was given")


def test_a_port_that_listens_is_refused_with_the_way_out() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(ServiceRefused) as refusal:
            demand_free_port(HOST, port)

    assert str(refusal.value) == (
        f"Port {port} on {HOST} is taken ({os.strerror(errno.EADDRINUSE)}); choose "
        "another with MODELMILL_PORT."
    )


def test_a_port_just_closed_is_free() -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection((HOST, port)):
            server_side, _peer = listener.accept()
            server_side.close()  # first, so the port lingers in TIME_WAIT

    demand_free_port(HOST, port)


def test_a_free_port_can_be_had() -> None:
    demand_free_port(HOST, free_port(HOST))


@needs_ipv6
def test_an_ipv6_host_has_ports_of_its_own() -> None:
    with listening_socket("::1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(ServiceRefused, match=f"Port {port} on ::1 is taken"):
            demand_free_port("::1", port)


@needs_ipv6
def test_a_free_port_of_an_ipv6_host_can_be_had() -> None:
    demand_free_port("::1", free_port("::1"))
