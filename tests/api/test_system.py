"""The service says whether it is alive and ready, and starts from nothing."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.database.engine import open_database
from app.main import create_app
from app.settings import Settings
from tests.conftest import FakeQueue
from tests.factories import read_problem


def take_the_database_away(app: FastAPI, settings: Settings) -> None:
    away = open_database(f"sqlite:///{settings.data_dir / 'no' / 'such.sqlite3'}")
    app.state.services = replace(app.state.services, engine=away)


@pytest.mark.parametrize("path", ["/health/live", "/healthz"])
def test_a_process_that_lives_is_healthy(
    app: FastAPI, client: TestClient, settings: Settings, path: str
) -> None:
    take_the_database_away(app, settings)

    response = client.get(path)

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/health/ready", "/readyz"])
def test_a_service_with_all_its_parts_is_ready(client: TestClient, path: str) -> None:
    response = client.get(path)

    well = {"status": "ok", "reason": None}
    names = ("database", "migrations", "redis", "disk")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "degraded": [],
        "parts": dict.fromkeys(names, well),
    }


def test_without_redis_the_service_is_ready_and_degraded(
    client: TestClient, queue: FakeQueue
) -> None:
    queue.is_away = True

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert (response.json()["status"], response.json()["degraded"]) == (
        "degraded",
        ["redis"],
    )
    assert "Redis" in response.json()["parts"]["redis"]["reason"]
    assert client.post("/jobs", json={}).status_code == 201


def test_with_little_room_on_the_disk_the_service_is_degraded(
    app: FastAPI, client: TestClient, settings: Settings
) -> None:
    demanding = settings.model_copy(update={"min_free_bytes": 2**60})
    app.state.services = replace(app.state.services, settings=demanding)

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["degraded"]) == (200, ["disk"])


def test_a_data_directory_that_is_gone_is_named(
    app: FastAPI, client: TestClient, settings: Settings
) -> None:
    elsewhere = settings.model_copy(update={"data_dir": settings.data_dir / "gone"})
    app.state.services = replace(app.state.services, settings=elsewhere)

    disk = client.get("/health/ready").json()["parts"]["disk"]

    assert disk == {"status": "degraded", "reason": "No such file or directory"}


def test_without_a_database_the_service_is_not_ready(
    app: FastAPI, client: TestClient, settings: Settings
) -> None:
    take_the_database_away(app, settings)

    response = client.get("/health/ready")

    problem = read_problem(response)
    assert (problem["status"], problem["code"]) == (503, "database_unavailable")
    assert response.headers["retry-after"]
    assert {error["pointer"]: error["code"] for error in problem["errors"]} == {
        "/parts/database": "unavailable",
        "/parts/migrations": "unavailable",
    }


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", 200),
        ("DELETE FROM alembic_version", 503),
    ],
)
def test_tables_of_another_release_are_named(
    engine: Engine, client: TestClient, statement: str, status: int
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)

    response = client.get("/health/ready")

    assert response.status_code == status
    assert "migrations" in response.text


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
