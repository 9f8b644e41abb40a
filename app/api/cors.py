"""For pages of other origins that a setting names: what a browser asks before it asks.

Outside of the door: a browser asks without a key, and has to read why it was refused.
"""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
TAKEN = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
    "Last-Event-ID, X-Request-ID"
)
SHOWN = (
    "Content-Disposition, ETag, Location, RateLimit, RateLimit-Policy, Retry-After, "
    "WWW-Authenticate, X-Request-ID"
)
KEPT_SECONDS = "600"
ANYBODY = "*"


class Cors:
    """Lets pages of these origins read every answer, the refusals too."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._origins:
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        allowed = self._allowed(asked.get("origin"))

        async def send_readable(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if allowed is not None:
                    headers["Access-Control-Allow-Origin"] = allowed
                    headers["Access-Control-Expose-Headers"] = SHOWN
            await send(message)

        is_preflight = (
            scope["method"] == "OPTIONS" and "access-control-request-method" in asked
        )
        app = permission if allowed is not None and is_preflight else self._app
        await app(scope, receive, send_readable)

    def _allowed(self, origin: str | None) -> str | None:
        if origin is None:
            return None
        if ANYBODY in self._origins:
            return ANYBODY
        return origin if origin in self._origins else None


async def permission(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer what a browser asks before a request that a page could not always make."""
    headers = {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": TAKEN,
        "Access-Control-Max-Age": KEPT_SECONDS,
    }
    response = Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    await response(scope, receive, send)
