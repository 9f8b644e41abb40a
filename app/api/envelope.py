"""Around every request: an id, a count, a line, safe headers, our own refusals."""

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.access import Answered
from app.api.problems import REQUEST_ID_HEADER, problem_response
from app.api.rates import RATE_FIELDS
from app.logs import request_id as request_id_in_logs

HEADER_NAME = REQUEST_ID_HEADER.lower().encode()
# What a client may call its request: nothing that could forge a line of a log.
GIVEN_ID = re.compile(rb"[A-Za-z0-9._~-]{1,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"

Watch = Callable[[Answered], None]
RawHeaders = list[tuple[bytes, bytes]]

# For what is no page: nothing in it may run, be framed or be taken for another type.
# A route that answers with a page or a drawing sets a policy of its own.
SAFE_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; base-uri 'none'; form-action 'none'; "
        b"frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class Envelope:
    """The outermost layer, outside the framework's own body limit.

    That limit answers 413 in plain text when the client announces the length;
    here it becomes the same problem document as every other refusal.
    """

    def __init__(self, app: ASGIApp, watch: Watch) -> None:
        self._app = app
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = given_id(scope) or str(uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        request_id_in_logs.set(request_id)
        replaced = False

        async def send_in_envelope(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                add_headers(message["headers"], request_id)
                message["headers"] += scope["state"].get(RATE_FIELDS, ())
                replaced = is_plain_refusal(message)
                seconds = time.perf_counter() - began
                self._watch(answered(scope, message["status"], seconds, request_id))
                if replaced:
                    await send_too_large(scope, receive, send, request_id)
            if not replaced:
                await send(message)

        await self._app(scope, receive, send_in_envelope)


def add_headers(headers: RawHeaders, request_id: str) -> None:
    """Add what every answer has, unless the route has said otherwise.

    As raw pairs: Starlette's headers would search the list for each of them.
    """
    given = {name.lower() for name, _value in headers}
    id_header = (HEADER_NAME, request_id.encode())
    headers += [pair for pair in (id_header, *SAFE_HEADERS) if pair[0] not in given]


def given_id(scope: Scope) -> str | None:
    """Return the id that the client gave, if it is one that can be passed on."""
    for name, value in scope["headers"]:
        if name == HEADER_NAME:
            return value.decode() if GIVEN_ID.fullmatch(value) else None
    return None


def answered(scope: Scope, status: int, seconds: float, request_id: str) -> Answered:
    """Say what came of a request, as soon as it is known."""
    route = getattr(scope.get("route"), "path", NO_ROUTE)
    method: str = scope["method"]
    if method not in METHODS:
        method = "other"
    path: str = scope["path"]
    return Answered(time.time(), method, path, route, status, seconds, request_id)


def is_plain_refusal(message: Message) -> bool:
    if message["status"] != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return False
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/")


async def send_too_large(
    scope: Scope, receive: Receive, send: Send, request_id: str
) -> None:
    response = problem_response(
        Request(scope, receive),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body_too_large",
        "The request body is larger than this route accepts.",
    )
    add_headers(response.raw_headers, request_id)
    await response(scope, receive, send)
