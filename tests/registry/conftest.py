"""Both databases under every test of the registry, and a model to begin with."""

from uuid import UUID

import pytest
from sqlalchemy import Engine

from app import registry
from app.database.engine import write_session
from tests.factories import record_epoch, running_job
from tests.jobs.conftest import engine as engine
from tests.jobs.conftest import settings as settings


@pytest.fixture
def checkpoint_id(engine: Engine) -> UUID:
    return record_epoch(engine, running_job(engine), 1).id


@pytest.fixture
def digits(engine: Engine, checkpoint_id: UUID) -> str:
    """Give the name of a model with two versions."""
    with write_session(engine) as session:
        registry.create_model(session, "digits", None)
        registry.add_version(session, "digits", checkpoint_id)
        registry.add_version(session, "digits", checkpoint_id)
    return "digits"
