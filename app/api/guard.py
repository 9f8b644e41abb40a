"""At the door: who asks, and whether the key is good for that."""

import asyncio
import re
from uuid import UUID

from fastapi import Request
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Connection

from app.api.deps import NOBODY, Asker, Services, get_seen_job, services_of
from app.api.errors import answer_database_away, answer_own_error
from app.api.patience import InTime
from app.api.rates import address_of, class_of, count_in
from app.api.scopes import SAFE_METHODS, is_open, needed_scope
from app.database.engine import read_session
from app.errors import ModelmillError, ScopeMissing
from app.keys.scope import Scope

OF_A_JOB = re.compile("/jobs/([0-9a-fA-F-]{32,36})(?:/|$)")


class Guard:
    """Lets in who has a key, before anything of the body is read.

    Not a dependency of the routes: one that was forgotten would be open. And not of
    Starlette's middleware for people in a hurry, which costs a task a request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(
        self, connection: Connection, receive: Receive, send: Send
    ) -> None:
        if connection["type"] == "http":
            try:
                await admit(connection)
            except ModelmillError as error:
                answer = answer_own_error(Request(connection), error)
                await answer(connection, receive, send)
                return
            except OperationalError as error:
                answer = answer_database_away(Request(connection), error)
                await answer(connection, receive, send)
                return
            receive = in_time(connection, receive)
        await self._app(connection, receive, send)


def in_time(connection: Connection, receive: Receive) -> Receive:
    """Receive a body, if there is one to come, at no less than the least speed."""
    if connection["method"] in SAFE_METHODS:
        return receive
    settings = services_of(Request(connection)).settings
    seconds, speed = settings.client_seconds, settings.client_bytes_per_second
    return InTime(receive, seconds, speed)


async def admit(connection: Connection) -> None:
    """Leave in its state who asks.

    Raises:
        KeyMissing, KeyRefused, ScopeMissing: It may not do that.
        RateLimited, RateLimitsUnavailable: Not now.
        JobNotFound: It asks for a job of another key, and sees only its own.
    """
    services = services_of(Request(connection))
    path = connection["path"].removeprefix(connection.get("root_path", ""))
    if is_open(connection["method"], path):
        return
    scope = needed_scope(connection["method"], path)
    asker = await ask_for_key(services, scope, connection)
    client = asker.key_id or address_of(connection)
    name = class_of(connection["method"], path, scope)
    await count_in(services.limiter, client, name, connection)
    found = OF_A_JOB.match(path)
    if found is not None and asker.sees_only is not None:
        await asyncio.to_thread(demand_own, services.engine, asker, found[1])


async def ask_for_key(
    services: Services, scope: Scope | None, connection: Connection
) -> Asker:
    if services.settings.auth == "off":
        return NOBODY
    key = await services.keys.check(Headers(scope=connection).get("authorization"))
    if scope is not None and not key.allows(scope):
        raise ScopeMissing(f"This key lacks the scope `{scope}`.")
    sees_all = services.settings.key_sees == "all" or Scope.ADMIN in key.scopes
    asker = Asker(key.id, None if sees_all else key.id)
    connection["state"]["asker"] = asker
    return asker


def demand_own(engine: Engine, asker: Asker, job_id: str) -> None:
    """Raise JobNotFound for a job that another key has submitted."""
    try:
        wanted = UUID(job_id)
    except ValueError:
        return
    with read_session(engine) as session:
        get_seen_job(session, asker, wanted)
