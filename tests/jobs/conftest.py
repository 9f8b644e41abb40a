"""A job in each of the places where its tests begin."""

from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.jobs import Claim
from tests.jobs.examples import claimed, submit


@pytest.fixture
def job_id(engine: Engine) -> UUID:
    """Submit a job."""
    return submit(engine)


@pytest.fixture
def claim(session: Session, job_id: UUID) -> Claim:
    """Let a worker take the job."""
    return claimed(session, job_id)
