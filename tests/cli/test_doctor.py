"""`modelmill doctor` tells people and programs how an installation is."""

import json
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine

from app.cli.doctor import with_own_broker
from app.settings import Settings
from tests.cli.conftest import RunCommand


@pytest.fixture(autouse=True)
def installation(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command find the installation of the test, and not wait long."""
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MODELMILL_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("MODELMILL_HEARTBEAT_SECONDS", "0.01")
    monkeypatch.setenv("MODELMILL_MIN_FREE_BYTES", "0")


def test_a_program_gets_every_finding(run: RunCommand, engine: Engine) -> None:
    result = run("doctor", "--json")

    findings = json.loads(result.stdout)["findings"]
    verdicts = {finding["part"]: finding["verdict"] for finding in findings}
    assert result.exit_code == 1
    assert verdicts == {
        "disk": "ok",
        "database": "ok",
        "broker": "failure",
        "workers": "failure",
        "datasets": "ok",
    }


def test_a_person_gets_sentences_with_remedies(run: RunCommand) -> None:
    shown = " ".join(run("doctor").stdout.split())

    assert "FAILURE database" in shown
    assert "There is no database" in shown
    assert "Start the service once to make one" in shown


def test_what_works_ends_well(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.doctor.examine", lambda _settings: iter(()))

    assert run("doctor").exit_code == 0


def test_the_broker_of_a_service_that_runs_here_is_found(
    redis: Redis, redis_url: str
) -> None:
    folder = Path(redis_url.removeprefix("unix://")).parent
    here = Settings(data_dir=folder, redis_url=None)
    chosen = Settings(data_dir=folder, redis_url="redis://elsewhere:6379/0")

    assert with_own_broker(here).redis_url == redis_url
    assert with_own_broker(chosen) == chosen
