"""What a route may ask for, each as one annotated type."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request
from sqlalchemy import Engine
from sqlmodel import Session

from app.database.engine import read_session, write_session
from app.events import Doorbell
from app.jobs import get_job
from app.models import Job
from app.queue import JobQueue
from app.settings import Settings
from app.vision.predictor import Predictor


@dataclass(frozen=True)
class Services:
    """What the api process holds for as long as it lives."""

    settings: Settings
    engine: Engine
    queue: JobQueue
    doorbell: Doorbell
    predictor: Predictor

    @property
    def redelivery(self) -> timedelta:
        return timedelta(seconds=self.settings.redelivery_seconds)


def get_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]


def open_read_session(services: ServicesDep) -> Iterator[Session]:
    with read_session(services.engine) as session:
        yield session


def open_write_session(services: ServicesDep) -> Iterator[Session]:
    with write_session(services.engine) as session:
        yield session


# Scope "function": the session ends before the answer is sent, so that a slow
# client never holds a transaction open.
ReadSession = Annotated[Session, Depends(open_read_session, scope="function")]
WriteSession = Annotated[Session, Depends(open_write_session, scope="function")]

JobId = Annotated[UUID, Path(description="The job's id, as POST /jobs gave it.")]


def get_requested_job(job_id: JobId, session: ReadSession) -> Job:
    return get_job(session, job_id)


JobDep = Annotated[Job, Depends(get_requested_job, scope="function")]
