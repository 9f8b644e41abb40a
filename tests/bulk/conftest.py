"""A client, and the thread that works off zips, run by hand."""

from threading import Event

import pytest
from sqlalchemy import Engine

from app.bulk.runner import BulkRunner
from app.models import Job
from app.settings import Settings
from tests.clock import Clock
from tests.factories import succeeded_job


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def runner(engine: Engine, settings: Settings, clock: Clock) -> BulkRunner:
    return BulkRunner(engine, settings, Event(), clock)


@pytest.fixture
def job(engine: Engine) -> Job:
    return succeeded_job(engine)
