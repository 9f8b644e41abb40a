"""A worker that runs alone: the command, and the process that it becomes."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import inspect

from app.database.engine import open_database
from app.presence import announce_worker
from app.queue import RUN_JOB
from app.settings import Settings
from tests.cli.conftest import RunCommand

DESCRIBE_WORKER = """
import json, socket, sys
from types import SimpleNamespace
from uuid import uuid4
from app.database.engine import migrate
from app.presence import is_worker_alive
from worker import main

migrate(main.engine)
repeated = []
timer = SimpleNamespace(call_repeatedly=lambda seconds, *call: repeated.append(seconds))
main.announce(sender=SimpleNamespace(timer=timer))
main.run_job(str(uuid4()))
was_stopping = main.stopping.is_set()
main.stop_training()
print(json.dumps({
    "imports_torch": "torch" in sys.modules,
    "tasks": list(main.celery.tasks),
    "alive": is_worker_alive(main.settings.resolved_redis_url, socket.gethostname()),
    "repeated_after": repeated,
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


def test_a_ready_worker_says_that_it_lives_and_goes_on_saying_it(
    facts: dict[str, Any],
) -> None:
    assert facts["alive"] is True
    assert facts["repeated_after"] == [Settings().heartbeat_seconds]


def test_training_stops_when_the_worker_shuts_down(facts: dict[str, Any]) -> None:
    assert facts["stopping"] == [False, True]


def test_a_live_worker_passes_its_check(
    run: RunCommand, redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELMILL_REDIS_URL", redis_url)
    announce_worker(redis_url, socket.gethostname())

    assert run("worker", "--check").exit_code == 0


def test_a_worker_of_another_host_does_not_count(
    run: RunCommand, redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELMILL_REDIS_URL", redis_url)
    announce_worker(redis_url, "elsewhere")

    assert run("worker", "--check").exit_code == 1


def test_without_redis_the_check_fails(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELMILL_REDIS_URL", "redis://127.0.0.1:1/0")

    assert run("worker", "--check").exit_code == 1


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
