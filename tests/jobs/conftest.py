"""Both databases under every test of the life cycle, and jobs to begin with."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.database.engine import open_database
from app.jobs import Claim
from app.settings import Settings
from tests.jobs.examples import claimed, submit
from tests.postgres_server import fresh_database


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(
    request: pytest.FixtureRequest, settings: Settings, migrated: Path
) -> Iterator[Settings]:
    """Give the settings of an installation on each database, migrated and empty."""
    if request.param == "sqlite":
        shutil.copy(migrated, settings.data_dir)
        yield settings
        return
    with fresh_database(request.getfixturevalue("postgres")) as url:
        yield settings.model_copy(update={"database_url": url})


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = open_database(settings.resolved_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def job_id(engine: Engine) -> UUID:
    """Submit a job."""
    return submit(engine)


@pytest.fixture
def claim(session: Session, job_id: UUID) -> Claim:
    """Let a worker take the job."""
    return claimed(session, job_id)
