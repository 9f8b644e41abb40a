"""A worker that runs alone: the command, and the process that it becomes."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect

from app import jobs
from app.database.engine import open_database, write_session
from app.models import Worker
from app.queue import RUN_JOB
from app.settings import Settings
from tests.cli.conftest import RunCommand

DESCRIBE_WORKER = """
import json, sys
from uuid import uuid4
from app.cli.worker import is_worker_alive
from app.database.engine import migrate, open_database
from app.settings import Settings
from worker import main

migrate(open_database(Settings().resolved_database_url))
main.begin_duty()
while not is_worker_alive(main.settings):
    pass
main.run_job(str(uuid4()))
imports_torch = "torch" in sys.modules
was_stopping = main.stopping.is_set()
main.stop_training()
main.end_duty()
print(json.dumps({
    "imports_torch": imports_torch,
    "tasks": list(main.celery.tasks),
    "duties": len(main.on_duty),
    "stopping": [was_stopping, main.stopping.is_set()],
}))
"""


@pytest.fixture(scope="module")
def facts(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Tell of worker.main in a fresh process that was rung for an unknown job."""
    where = {
        "MODELMILL_DATA_DIR": str(tmp_path_factory.mktemp("worker")),
        "MODELMILL_REDIS_URL": redis_url,
    }
    command = [sys.executable, "-c", DESCRIBE_WORKER]
    facts: dict[str, Any] = json.loads(
        subprocess.check_output(command, env=os.environ | where, timeout=60)
    )
    return facts


def test_the_worker_takes_the_task_that_the_api_sends(facts: dict[str, Any]) -> None:
    assert RUN_JOB in facts["tasks"]


def test_the_worker_never_imports_torch(facts: dict[str, Any]) -> None:
    assert facts["imports_torch"] is False


def test_a_worker_off_duty_has_nothing_left_to_do(facts: dict[str, Any]) -> None:
    assert facts["duties"] == 0


def test_training_stops_when_the_worker_shuts_down(facts: dict[str, Any]) -> None:
    assert facts["stopping"] == [False, True]


def show_worker(engine: Engine, host: str) -> None:
    row = Worker(id=f"{host}:1", host=host, pid=1, device="cpu")
    with write_session(engine) as session:
        jobs.show_worker(session, row)


@pytest.fixture
def here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands find the data directory of the test."""
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(settings.data_dir))


@pytest.mark.usefixtures("here")
def test_a_live_worker_passes_its_check(run: RunCommand, engine: Engine) -> None:
    show_worker(engine, socket.gethostname())

    assert run("worker", "--check").exit_code == 0


@pytest.mark.usefixtures("here")
def test_a_worker_of_another_host_does_not_count(
    run: RunCommand, engine: Engine
) -> None:
    show_worker(engine, "elsewhere")

    assert run("worker", "--check").exit_code == 1


@pytest.mark.usefixtures("here")
def test_a_worker_that_was_not_heard_of_within_a_lease_does_not_count(
    run: RunCommand, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_worker(engine, socket.gethostname())
    monkeypatch.setenv("MODELMILL_LEASE_SECONDS", "1e-9")

    assert run("worker", "--check").exit_code == 1


@pytest.mark.usefixtures("here")
def test_without_a_database_the_check_fails_in_silence(run: RunCommand) -> None:
    result = run("worker", "--check")

    assert (result.exit_code, result.output) == (1, "")


def test_a_worker_brings_the_schema_and_becomes_celery(
    run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    became: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(os, "execv", lambda *command: became.append(command))
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(tmp_path))

    run("worker")

    ((program, command),) = became
    assert (program, command[1:4]) == (
        sys.executable,
        ["-m", "celery", "--app=worker.main"],
    )
    engine = open_database(Settings().resolved_database_url)
    assert inspect(engine).has_table("job")
    engine.dispose()
