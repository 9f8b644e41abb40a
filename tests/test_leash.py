"""A leashed process dies with its parent, and never starts without it."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from app.leash import leashed

SECONDS = 10  # far more than any of it takes

# A parent whose leashed child says its pid once it runs, then waits for ever.
PARENT = """
import subprocess, sys
from app.leash import leashed
child = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
subprocess.run(leashed([sys.executable, "-c", child]))
"""

linux_only = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child that its parent died"
)


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        yield parent
        parent.kill()


@pytest.fixture
def child(parent: subprocess.Popen[str]) -> Iterator[psutil.Process]:
    assert parent.stdout
    child = psutil.Process(int(parent.stdout.readline()))
    yield child
    if child.is_running():
        child.kill()


def test_the_command_runs_in_the_place_of_the_leash() -> None:
    output = subprocess.check_output(leashed(["echo", "two words", "-c"]), text=True)

    assert output == "two words -c\n"


def test_the_exit_status_is_that_of_the_command() -> None:
    assert subprocess.call(leashed(["sh", "-c", "exit 7"])) == 7


def test_the_leashed_process_is_a_child_of_its_caller(
    parent: subprocess.Popen[str], child: psutil.Process
) -> None:
    assert child.ppid() == parent.pid


@linux_only
def test_a_leashed_process_dies_with_its_parent(
    parent: subprocess.Popen[str], child: psutil.Process
) -> None:
    parent.kill()

    # The pipe ends when the child, too, has let go of it.
    output, _ = parent.communicate(timeout=SECONDS)
    assert output == ""


def test_a_process_that_lost_its_parent_before_the_leash_never_starts() -> None:
    not_my_parent = str(os.getppid())
    command = [sys.executable, "-m", "app.leash", not_my_parent, "echo", "started"]

    process = subprocess.run(command, stdout=subprocess.PIPE, check=False)

    assert process.returncode == 1
    assert process.stdout == b""
