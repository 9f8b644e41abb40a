"""Each thing that the service needs, asked whether it is there, in bounded time."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from http import HTTPStatus

from fastapi import Request, Response
from pydantic import BaseModel, Field

from app.api.deps import Services
from app.api.problems import Violation, problem_response
from app.database.disk import free_bytes
from app.database.engine import is_writable
from app.database.schema import SchemaState, schema_state
from app.errors import DatabaseUnavailable, QueueUnavailable
from app.settings import MEBIBYTE

PATIENCE_SECONDS = 2.0


class PartStatus(StrEnum):
    """How a part of the service is, from best to worst."""

    OK = "ok"
    DEGRADED = "degraded"
    UNAVAILABLE = "unavailable"


class Part(BaseModel):
    """One thing that the service needs, and how it is."""

    status: PartStatus = PartStatus.OK
    reason: str | None = Field(default=None, description="What is wrong, if anything.")


class Readiness(BaseModel):
    """How the service is: as its worst part."""

    status: PartStatus
    degraded: list[str] = Field(description="Parts that are not well, such as `redis`.")
    parts: dict[str, Part] = Field(
        description="`database`, `migrations`, `redis` and `disk`."
    )

    @classmethod
    def of(cls, parts: dict[str, Part]) -> "Readiness":
        found = {part.status for part in parts.values()}
        worst = [status for status in PartStatus if status in found][-1]
        unwell = [name for name, part in parts.items() if part.reason is not None]
        return cls(status=worst, degraded=unwell, parts=parts)


Look = Callable[[Services], Part]


def look_at_database(services: Services) -> Part:
    if is_writable(services.engine):
        return Part()
    reason = "The database does not take a write."
    return Part(status=PartStatus.UNAVAILABLE, reason=reason)


def look_at_migrations(services: Services) -> Part:
    match schema_state(services.engine):
        case SchemaState.CURRENT:
            return Part()
        case SchemaState.OTHER:
            reason = "The tables are those of another release."
            return Part(status=PartStatus.DEGRADED, reason=reason)
        case SchemaState.UNKNOWN:
            reason = "The database does not say which tables it has."
            return Part(status=PartStatus.UNAVAILABLE, reason=reason)


def look_at_redis(services: Services) -> Part:
    try:
        services.queue.depth()
    except QueueUnavailable:
        reason = "Redis does not answer; new jobs are stored and wait for it."
        return Part(status=PartStatus.DEGRADED, reason=reason)
    return Part()


def look_at_disk(services: Services) -> Part:
    try:
        free = free_bytes(services.settings.data_dir)
    except OSError as error:
        return Part(status=PartStatus.DEGRADED, reason=str(error.strerror))
    if free < services.settings.min_free_bytes:
        reason = f"Only {free // MEBIBYTE} MiB are free; new jobs are refused."
        return Part(status=PartStatus.DEGRADED, reason=reason)
    return Part()


LOOKS: Mapping[str, Look] = {
    "database": look_at_database,
    "migrations": look_at_migrations,
    "redis": look_at_redis,
    "disk": look_at_disk,
}
# Without these nothing can be answered; without the others jobs wait, or are refused.
VITAL = frozenset({"database", "migrations"})


class Inspector:
    """Looks at every part at once, and never twice at one that does not answer.

    In threads of its own: those of the routes may all wait for the same database.
    """

    def __init__(self, looks: Mapping[str, Look] = LOOKS) -> None:
        self._looks = looks
        self._threads = ThreadPoolExecutor(len(looks), thread_name_prefix="health")
        self._looking: dict[str, Future[Part]] = {}

    async def inspect(
        self, services: Services, patience: float = PATIENCE_SECONDS
    ) -> dict[str, Part]:
        for name, look in self._looks.items():
            if name not in self._looking:
                self._looking[name] = self._threads.submit(look, services)
        looking = dict(self._looking)
        await asyncio.wait(map(asyncio.wrap_future, looking.values()), timeout=patience)
        return {name: self._found(name, part) for name, part in looking.items()}

    def _found(self, name: str, looking: Future[Part]) -> Part:
        if looking.done():
            self._looking.pop(name, None)
            return looking.result()
        status = PartStatus.UNAVAILABLE if name in VITAL else PartStatus.DEGRADED
        return Part(status=status, reason="It did not answer in time.")


def refuse(request: Request, readiness: Readiness) -> Response:
    """Say in a problem document which part is away, and how the others are."""
    violations = [
        Violation(pointer=f"/parts/{name}", code=part.status, message=part.reason)
        for name, part in readiness.parts.items()
        if part.reason is not None
    ]
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code, message = "database_unavailable", str(DatabaseUnavailable())
    response = problem_response(request, status, code, message, violations)
    response.headers["Retry-After"] = "5"
    return response
