"""What every test may use: a real database, a queue and a doorbell that remember."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from app.api.choices import Choices
from app.api.deps import Services
from app.database.engine import migrate, open_database, write_session
from app.errors import QueueUnavailable
from app.intake import Validator
from app.keys.check import KeyCheck
from app.main import (
    create_app,
    decoding_of,
    limiter_of,
    limits_of,
    uploads_of,
)
from app.settings import Settings
from app.vision.predictor import Predictor
from tests.live.told import Teller
from tests.postgres_server import empty_postgres as empty_postgres
from tests.postgres_server import postgres as postgres
from tests.redis_server import redis as redis
from tests.redis_server import redis_url as redis_url


def pytest_configure(config: pytest.Config) -> None:
    # Here, where also the process sees it that only hands the tests out.
    config.pluginmanager.register(Teller())


class FakeQueue:
    """A JobQueue that only remembers what it was given, and can be away."""

    def __init__(self) -> None:
        self.enqueued: list[UUID] = []
        self.is_away = False

    def enqueue(self, job_id: UUID) -> None:
        if self.is_away:
            raise QueueUnavailable
        self.enqueued.append(job_id)

    def depth(self) -> int:
        if self.is_away:
            raise QueueUnavailable
        return 0


class FakeDoorbell:
    """A Doorbell that remembers for which jobs it rang."""

    def __init__(self) -> None:
        self.rung: list[UUID] = []

    def ring(self, job_id: UUID) -> None:
        self.rung.append(job_id)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    # A port nothing listens on: no test reaches a broker by accident, nor a mirror.
    # And no keys, but in the tests that are about them.
    return Settings(
        data_dir=tmp_path,
        redis_url="redis://127.0.0.1:1/0",
        fetch_datasets=False,
        auth="off",
    )


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate an empty database once, for every test to start from a copy."""
    path = tmp_path_factory.mktemp("migrated") / "modelmill.sqlite3"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def engine(settings: Settings, migrated: Path) -> Iterator[Engine]:
    shutil.copy(migrated, settings.data_dir)
    engine = open_database(settings.resolved_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with write_session(engine) as session:
        yield session


@pytest.fixture
def queue() -> FakeQueue:
    return FakeQueue()


@pytest.fixture
def doorbell() -> FakeDoorbell:
    return FakeDoorbell()


@pytest.fixture
def app(
    settings: Settings, engine: Engine, queue: FakeQueue, doorbell: FakeDoorbell
) -> Iterator[FastAPI]:
    app = create_app(settings)
    app.state.services.engine.dispose()
    choices = Choices(engine)
    app.state.services = Services(
        settings=settings,
        engine=engine,
        queue=queue,
        doorbell=doorbell,
        predictor=Predictor(limits_of(settings)),
        choices=choices,
        keys=KeyCheck(engine),
        validator=Validator(engine, settings),
        limiter=limiter_of(settings),
        uploads=uploads_of(settings),
        decoding=decoding_of(settings),
    )
    yield app
    choices.close()


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    # Without `with`: no lifespan, so no reconciler runs beside the test.
    return TestClient(app, raise_server_exceptions=False)
