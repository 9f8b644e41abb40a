"""The service says whether it is alive and ready, and starts from nothing."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.database.engine import open_database
from app.main import create_app
from app.settings import Settings
from tests.conftest import FakeQueue
from tests.factories import read_problem


def take_the_database_away(app: FastAPI, settings: Settings) -> None:
    away = open_database(f"sqlite:///{settings.data_dir / 'no' / 'such.sqlite3'}")
    app.state.services = replace(app.state.services, engine=away)


def test_a_process_that_lives_is_healthy(
    app: FastAPI, client: TestClient, settings: Settings
) -> None:
    take_the_database_away(app, settings)

    response = client.get("/healthz")

    assert (response.status_code, response.json()["status"]) == (200, "ok")


def test_a_service_with_all_its_parts_is_ready(client: TestClient) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "degraded": []}


def test_without_redis_the_service_is_ready_and_degraded(
    client: TestClient, queue: FakeQueue
) -> None:
    queue.is_away = True

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["degraded"] == ["redis"]


def test_without_a_database_the_service_is_not_ready(
    app: FastAPI, client: TestClient, settings: Settings
) -> None:
    take_the_database_away(app, settings)

    problem = read_problem(client.get("/readyz"))

    assert (problem["status"], problem["code"]) == (503, "database_unavailable")


def test_a_service_that_starts_makes_its_database(settings: Settings) -> None:
    with TestClient(create_app(settings)) as client:
        assert client.get("/jobs").json()["data"] == []


def test_a_service_is_set_up_from_the_environment(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MODELMILL_MAX_BODY_BYTES", "10")
    monkeypatch.setenv("MODELMILL_AUTH", "off")

    client = TestClient(create_app())

    assert client.post("/jobs", json={"epochs": 3}).status_code == 413


def test_operations_are_named_for_generated_clients(app: FastAPI) -> None:
    operations = app.openapi()["paths"]["/jobs"]

    assert operations["post"]["operationId"] == "createJob"
    assert operations["get"]["operationId"] == "listJobs"
