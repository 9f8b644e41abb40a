"""The usual prediction, without the framework's detour.

The layers that FastAPI and Starlette put around a route take longer than the network
does for a picture. A small upload to the one route that has to be quick goes straight
to the function behind it; whatever turns out to be unusual goes the long way.
"""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import answer_framework_error, answer_own_error
from app.api.patience import TooSlow
from app.errors import ModelmillError

LARGEST_BODY = 64 * 1024  # a picture that is read in a moment; a photo can wait
LENGTH = b"content-length"
MOST_DIGITS = 5  # of a length that is small enough to be read as a number

Answer = Callable[[Request], Awaitable[Response]]


class Shortcut:
    """Takes small POSTs to one route past everything else that has no part in them."""

    def __init__(self, app: ASGIApp, route: APIRoute, largest: int) -> None:
        self._app = app
        self._route = route
        self._answer: Answer = route.endpoint
        self._largest = min(largest, LARGEST_BODY)

    async def __call__(self, connection: Scope, receive: Receive, send: Send) -> None:
        if not self._is_usual(connection):
            await self._app(connection, receive, send)
            return
        request = Request(connection, receive)
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        except TooSlow as error:
            late = answer_framework_error(request, error)
            await late(connection, receive, send)
            return
        connection["route"] = self._route
        try:
            response = await self._answer(request)
        except ModelmillError as error:
            response = answer_own_error(request, error)
        except Exception:  # noqa: BLE001  # the long way meets it again, and answers
            await self._app(connection, once_more(body, receive), send)
            return
        await response(connection, receive, send)

    def _is_usual(self, connection: Scope) -> bool:
        if connection["type"] != "http" or connection["method"] != "POST":
            return False
        path: str = connection["path"]
        if path.removeprefix(connection.get("root_path", "")) != self._route.path:
            return False
        length = next((v for name, v in connection["headers"] if name == LENGTH), b"")
        return (
            len(length) <= MOST_DIGITS
            and length.isdigit()
            and int(length) <= self._largest
        )


def once_more(body: bytes, receive: Receive) -> Receive:
    """Return a receive that gives the body again, and then what comes after it."""
    again: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return again.pop() if again else await receive()

    return receive_again
