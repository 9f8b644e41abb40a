"""A worker shows that it lives, knows its device, and never imports torch."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app import jobs
from app.database.engine import read_session
from app.jobs import WorkerView
from app.reconciler import Reconciler
from app.settings import Settings
from tests.conftest import FakeDoorbell, FakeQueue
from tests.factories import LEASE
from tests.worker.children import MakeSupervisor, training_children
from worker.duty import Duty, device_name, gpu_memory


@pytest.fixture
def duty(
    engine: Engine,
    settings: Settings,
    queue: FakeQueue,
    doorbell: FakeDoorbell,
    make_supervisor: MakeSupervisor,
) -> Duty:
    hasty = settings.model_copy(update={"heartbeat_seconds": 0.01})
    reconciler = Reconciler(engine, queue, doorbell, hasty)
    return Duty(engine, hasty, make_supervisor(), reconciler)


def workers(engine: Engine) -> list[WorkerView]:
    with read_session(engine) as session:
        return jobs.list_workers(session, LEASE)


@pytest.mark.live
def test_a_duty_shows_its_worker_again_and_again_until_it_ends(
    duty: Duty, engine: Engine
) -> None:
    beats: set[datetime] = set()

    duty.begin("mill:7", "mill", 7, "cpu")
    while len(beats) < 3:
        beats |= {view.worker.heartbeat_at for view in workers(engine)}
    duty.end()

    [view] = workers(engine)
    worker = view.worker
    assert (worker.id, worker.host, worker.pid) == ("mill:7", "mill", 7)
    assert (worker.device, worker.slots, view.is_alive) == ("cpu", 1, True)
    assert worker.started_at <= min(beats)
    assert training_children() == []


@pytest.mark.live
def test_a_heartbeat_that_cannot_be_written_is_tried_again(
    duty: Duty, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE worker RENAME TO gone")
    duty.begin("mill:7", "mill", 7, "cpu")
    while "could not write the worker's heartbeat" not in caplog.text:
        pass
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO worker")

    while not workers(engine):
        pass
    duty.end()


def tool(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put an nvidia-smi of the test's own making in the only folder searched."""
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("echo NVIDIA H200; echo NVIDIA A100", "NVIDIA H200"),
        ("echo No devices were found; exit 6", "cpu"),
        ("exit 0", "cpu"),
    ],
)
def test_a_device_is_named_by_its_driver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, name: str
) -> None:
    tool(tmp_path, script, monkeypatch)

    assert device_name() == name


@pytest.mark.parametrize(
    ("script", "memory"),
    [
        ("echo 1024, 143771; echo 2, 3", (1024 * 2**20, 143771 * 2**20)),
        ("echo [N/A], [N/A]", (None, None)),
        ("exit 9", (None, None)),
    ],
)
def test_the_driver_tells_of_memory(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    memory: tuple[int | None, int | None],
) -> None:
    tool(tmp_path, script, monkeypatch)

    assert gpu_memory() == memory


@pytest.mark.live
def test_a_worker_with_a_gpu_shows_its_memory(
    duty: Duty, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(tmp_path, "echo 1, 2", monkeypatch)

    duty.begin("mill:7", "mill", 7, "NVIDIA H200")
    while not workers(engine):
        pass
    duty.end()

    assert workers(engine)[0].worker.gpu_memory_total == 2 * 2**20


def test_without_a_driver_the_device_is_the_cpu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert device_name() == "cpu"


def test_the_worker_process_imports_no_torch() -> None:
    program = "import sys, worker.main; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
