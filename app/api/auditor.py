"""Around the routes: every change that succeeded, stored before its answer leaves.

In one place, so that no route can forget it. A crash between a change and its entry
leaves a client without an answer, and so with nothing that the log does not know.
"""

import asyncio
import logging
import re
from collections import deque
from http import HTTPStatus
from threading import Lock

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.deps import NOBODY, Asker, Services, services_of
from app.api.operation_ids import operation_id
from app.api.problems import request_id
from app.api.scopes import changes_nothing
from app.audit import store_entries
from app.audit_models import AuditEntry
from app.database.engine import write_session

logger = logging.getLogger(__name__)

LONGEST_TARGET = 300
# What follows the last of a path's parameters is a verb: /jobs/{job_id}/cancel.
VERB = re.compile(r"(?<=\})/[^{}]*$")


class Auditor:
    """Writes what comes in while it writes at once afterwards: one commit for many."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._waiting: deque[AuditEntry] = deque()
        self._turn = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or changes_nothing(scope["method"], path_of(scope)):
            await self._app(scope, receive, send)
            return

        async def send_audited(message: Message) -> None:
            if message["type"] == "http.response.start" and is_change(scope, message):
                self._waiting.extend(entries_of(scope, message))
                await asyncio.to_thread(self._write, services_of(Request(scope)))
            await send(message)

        await self._app(scope, receive, send_audited)

    def _write(self, services: Services) -> None:
        with self._turn:
            # Whoever had the turn before may have written ours as well.
            entries = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if entries:
                write(services, entries)


def write(services: Services, entries: list[AuditEntry]) -> None:
    """Store entries; with the database away they are at least in the log."""
    lines = [entry.model_dump(mode="json", exclude={"id"}) for entry in entries]
    try:
        with write_session(services.engine) as session:
            store_entries(session, entries)
    except SQLAlchemyError:
        logger.exception("not in the audit log: %s", lines)


def path_of(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def is_change(scope: Scope, message: Message) -> bool:
    """Say whether it succeeded; a route that makes something says 200 of a dry run."""
    status: int = message["status"]
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return False
    return scope["route"].status_code != HTTPStatus.CREATED or status != HTTPStatus.OK


def entries_of(scope: Scope, message: Message) -> list[AuditEntry]:
    """Return an entry for the request, or for each object that a route has named."""
    state, client = scope["state"], scope.get("client")
    asker: Asker = state.get("asker", NOBODY)
    changes: list[tuple[str, str]] | None = state.get("changes")
    if changes is None:
        changes = [change_of(scope, message)]
    return [
        AuditEntry(
            key_id=asker.key_id,
            action=action,
            target=place[:LONGEST_TARGET],
            status=message["status"],
            request_id=request_id(scope),
            address=client[0] if client else None,
        )
        for action, place in changes
    ]


def change_of(scope: Scope, message: Message) -> tuple[str, str]:
    """Name what was done as the document does, and its object by its address."""
    route, path = scope["route"], path_of(scope)
    created = Headers(raw=message["headers"]).get("location")
    if created is not None:
        return operation_id(route), created
    verb = VERB.search(route.path)
    return operation_id(route), path.removesuffix(verb[0]) if verb else path
