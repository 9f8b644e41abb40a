"""A child waits for one job, and ends however it must."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from uuid import uuid4

import psutil
import pytest

from app.jobs import Claim
from tests.worker.children import wait_for_death
from worker.child import Child, child_environment, start_child


def child_of(program: str) -> Child:
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    return Child(process)


@pytest.fixture
def reader() -> Iterator[Child]:
    """Give a child that repeats what it is told and leaves."""
    child = child_of("print(input(), flush=True)")
    yield child
    child.discard()


def test_a_child_is_given_its_job_and_attempt(reader: Child) -> None:
    claim = Claim(uuid4(), attempt=3)

    reader.begin(claim)

    assert reader.output.read().decode() == f"{claim.job_id} 3\n"
    assert reader.end() == 0
    assert not reader.is_alive()


def test_a_dead_child_is_begun_without_a_word(reader: Child) -> None:
    reader.process.kill()
    wait_for_death(psutil.Process(reader.process.pid))

    reader.begin(Claim(uuid4(), attempt=1))

    assert reader.end() == -9


def test_a_child_that_is_asked_to_stop_is_terminated(reader: Child) -> None:
    assert reader.is_alive()

    reader.ask_to_stop()

    assert reader.end() == -15


def test_the_end_of_a_child_is_seen_when_it_comes(reader: Child) -> None:
    assert not reader.has_ended_within(0.01)

    reader.discard()

    assert reader.has_ended_within(0)


def test_a_child_that_does_not_leave_is_killed() -> None:
    child = child_of(
        "import signal\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('deaf', flush=True)\n"
        "signal.pause()"
    )
    assert child.output.readline() == b"deaf\n"
    child.ask_to_stop()

    assert child.end() == -9
    child.discard()


def test_a_discarded_child_leaves_nothing_open(reader: Child) -> None:
    reader.discard()
    reader.discard()

    assert not reader.is_alive()
    assert reader.output.closed


@pytest.mark.live
def test_a_spare_is_out_of_the_terminal_s_reach() -> None:
    child = start_child()
    try:
        assert os.getsid(child.process.pid) == child.process.pid
    finally:
        child.discard()


def test_a_child_s_waiting_threads_let_others_work() -> None:
    environment = child_environment()

    assert environment["OMP_WAIT_POLICY"] == "PASSIVE"
    assert int(environment["GOMP_SPINCOUNT"]) < 5000


def test_a_child_keeps_the_memory_that_it_frees(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)

    tunables = child_environment()["GLIBC_TUNABLES"].split(":")

    assert "glibc.malloc.hugetlb=1" in tunables
    assert all(tunable.startswith("glibc.malloc.") for tunable in tunables)


def test_the_operator_has_the_last_word_on_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=0")

    assert child_environment()["GLIBC_TUNABLES"].endswith(":glibc.malloc.hugetlb=0")


WORKER = """
import signal
from worker.child import start_child
print(start_child().process.pid, flush=True)
signal.pause()
"""


def has_torch(process: psutil.Process) -> bool:
    return any("libtorch" in area.path for area in process.memory_maps())


@pytest.mark.live
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the signal")
def test_a_spare_dies_with_its_worker_before_it_has_imported_torch() -> None:
    command = [sys.executable, "-c", WORKER]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        spare = psutil.Process(int(worker.stdout.readline()))
        worker.kill()

    with suppress(psutil.NoSuchProcess):
        while spare.status() != psutil.STATUS_ZOMBIE:
            assert not has_torch(spare)


@pytest.mark.live
def test_a_spare_whose_worker_leaves_ends_without_a_job() -> None:
    child = start_child()
    assert child.process.stdin is not None

    child.process.stdin.close()

    assert child.process.wait(60) == 0
    assert child.output.read() == b""
    child.discard()
