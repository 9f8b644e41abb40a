"""Live news of a job as server-sent events, replayable by number."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import Engine

from app import jobs
from app.api.deps import JobId, Services, ServicesDep
from app.api.openapi import answers
from app.api.openapi.refusals import problems
from app.api.schemas import EventPublic
from app.database.engine import read_session
from app.errors import DatabaseUnavailable, JobNotFound
from app.events import listen
from app.models import JobEvent, Progress

router = APIRouter(prefix="/jobs", tags=["events"])

POLL_SECONDS = 1.0
LARGEST_NUMBER = 2**31 - 1  # of the column in PostgreSQL; SQLite takes more, not any
LastEventId = Annotated[
    int,
    Header(
        ge=0,
        le=LARGEST_NUMBER,
        description="Number of the last event seen; 0 or absent: all.",
    ),
]


@dataclass(frozen=True)
class News:
    """What happened since a number, read in one transaction."""

    events: list[JobEvent]
    progress: Progress | None
    is_over: bool


def read_news(engine: Engine, job_id: UUID, after: int) -> News:
    with read_session(engine) as session:
        job = jobs.get_job(session, job_id)
        events = jobs.list_events(session, job_id, after)
        return News(events, job.progress, job.is_terminal)


def get_streamed_job(job_id: JobId, services: ServicesDep) -> UUID:
    """Refuse an unknown job before the stream starts, and hold no session open."""
    read_news(services.engine, job_id, after=0)
    return job_id


StreamedJob = Annotated[UUID, Depends(get_streamed_job)]


@router.get(
    "/{job_id}/events",
    response_class=EventSourceResponse,
    responses={
        HTTPStatus.OK: answers.EVENT_STREAM,
        **problems(JobNotFound(), DatabaseUnavailable()),
    },
)
async def stream_events(
    job_id: StreamedJob, services: ServicesDep, last_event_id: LastEventId = 0
) -> AsyncIterator[ServerSentEvent]:
    """Follow a job as server-sent events until it ends.

    Each stored event carries its number as `id`: a client that reconnects with
    `Last-Event-ID` misses none and sees none twice. `progress` messages in between
    are not stored and carry no id. "Execute" on this page shows nothing before the
    job ends; use `curl -N` to watch.
    """
    async for message in follow(services, job_id, last_event_id):
        yield message


async def follow(
    services: Services, job_id: UUID, after: int
) -> AsyncIterator[ServerSentEvent]:
    """Look at each ring of the doorbell, and by time, for what is new."""
    shown: Progress | None = None
    rings = listen(services.settings.resolved_redis_url, job_id, POLL_SECONDS)
    async with aclosing(rings):
        async for _ring in rings:  # pragma: no branch  # rings never end
            news = await run_in_threadpool(read_news, services.engine, job_id, after)
            for event in news.events:
                after = event.number
                data = EventPublic.model_validate(event)
                yield ServerSentEvent(event=event.kind, id=str(after), data=data)
            if news.is_over:
                return
            if news.progress is not None and news.progress != shown:
                shown = news.progress
                yield ServerSentEvent(event="progress", data=shown)
