"""/metrics tells the whole service's numbers, from whichever process one asks."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from app import jobs
from app.api.watch import make_watcher
from app.database.engine import open_database, write_session
from app.main import create_app
from app.models import Worker
from app.settings import Settings
from tests.factories import running_job, submitted_job, succeeded_job
from tests.jobs.examples import PROGRESS

REQUESTS = "modelmill_http_requests_total"


def families(client: TestClient) -> dict[str, Metric]:
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        found.name: found for found in text_string_to_metric_families(response.text)
    }


def value(client: TestClient, name: str, **labels: str) -> float:
    """Return the one number of this name with these labels; 0 if there is none."""
    return sum(
        sample.value
        for family in families(client).values()
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def test_a_request_is_counted_by_the_template_of_its_route(client: TestClient) -> None:
    for number in (1, 2, 3):
        client.get(f"/jobs/00000000-0000-0000-0000-00000000000{number}")
    client.get("/no/such/path")
    client.request("BREW", "/jobs")

    samples = families(client)["modelmill_http_requests"].samples

    assert {(*sample.labels.values(), sample.value) for sample in samples} == {
        ("GET", "/jobs/{job_id}", "4xx", 3.0),
        ("GET", "none", "4xx", 1.0),
        ("other", "/jobs", "4xx", 1.0),
    }


def test_latencies_are_a_histogram(client: TestClient) -> None:
    client.get("/presets")

    where = {"route": "/presets", "method": "GET", "status": "2xx"}
    name = "modelmill_http_request_duration_seconds"
    assert value(client, f"{name}_count", **where) == 1
    assert value(client, f"{name}_bucket", le="+Inf", **where) == 1
    assert 0 < value(client, f"{name}_sum", **where) < 10


@pytest.fixture
def busy(engine: Engine) -> None:
    """Have jobs in several states, and a worker with a GPU."""
    submitted_job(engine)
    succeeded_job(engine, epochs=2)
    claim = running_job(engine)
    worker = Worker(id="mill:1", host="mill", pid=1, device="NVIDIA H200")
    worker.gpu_memory_used, worker.gpu_memory_total = 10 * 2**30, 140 * 2**30
    with write_session(engine) as session:
        jobs.record_progress(session, claim, PROGRESS)
        jobs.show_worker(session, worker)


@pytest.mark.usefixtures("busy")
def test_the_database_tells_of_jobs_queue_and_workers(client: TestClient) -> None:
    assert value(client, "modelmill_jobs", status="succeeded") == 1
    assert value(client, "modelmill_jobs", status="failed") == 0
    assert value(client, "modelmill_queue_depth") == 1
    assert 0 < value(client, "modelmill_queue_oldest_seconds") < 60
    assert value(client, "modelmill_epochs") == 2
    assert value(client, "modelmill_training_images_per_second") == 9000.0
    assert value(client, "modelmill_workers") == 1
    used = value(client, "modelmill_gpu_memory_used_bytes", worker="mill:1")
    assert used == 10 * 2**30
    assert value(client, "modelmill_database_bytes") > 100_000
    assert value(client, "modelmill_database_up") == 1


def test_an_empty_service_has_numbers_too(client: TestClient) -> None:
    assert value(client, "modelmill_queue_oldest_seconds") == 0
    assert value(client, "modelmill_epochs") == 0


def test_the_database_is_asked_once_a_second(
    client: TestClient, engine: Engine
) -> None:
    before = value(client, "modelmill_queue_depth")

    submitted_job(engine)

    assert value(client, "modelmill_queue_depth") == before


def test_without_a_database_the_process_still_tells_its_own(
    app: FastAPI, client: TestClient, settings: Settings
) -> None:
    away = open_database(f"sqlite:///{settings.data_dir / 'no' / 'such.sqlite3'}")
    app.state.services = replace(app.state.services, engine=away)
    client.get("/presets")

    assert value(client, "modelmill_database_up") == 0
    assert value(client, REQUESTS, route="/presets") == 1
    assert "modelmill_jobs" not in families(client)


@pytest.fixture
def neighbour(settings: Settings, engine: Engine) -> Iterator[TestClient]:
    """Serve from the same data directory, as a second process would."""
    with TestClient(create_app(settings)) as client:
        yield client


def test_either_process_tells_of_both(
    client: TestClient, neighbour: TestClient
) -> None:
    client.get("/presets")
    for _request in range(2):
        neighbour.get("/presets")

    assert value(neighbour, REQUESTS, route="/presets") == 2
    assert value(client, REQUESTS, route="/presets") == 3


def test_a_process_shows_its_numbers_by_itself(
    settings: Settings, app: FastAPI
) -> None:
    predictor, watcher = app.state.services.predictor, make_watcher(settings)
    path = settings.data_dir / "metrics" / "0.json"

    with watcher.publishing(predictor):
        predictor.hits = 7
        while not path.exists():
            pass
    assert '"hits": 7' in path.read_text()
