"""Around every request: an id, safe headers, and a problem document in any case."""

from http import HTTPStatus
from uuid import uuid4

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import REQUEST_ID_HEADER, problem_response

# For what is no page: nothing in it may run, be framed or be taken for another type.
# A route that answers with a page or a drawing sets a policy of its own.
SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Envelope:
    """The outermost layer, outside the framework's own body limit.

    That limit answers 413 in plain text when the client announces the length;
    here it becomes the same problem document as every other refusal.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = str(uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        replaced = False

        async def send_in_envelope(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID_HEADER] = request_id
                add_safe_headers(headers)
                replaced = is_plain_refusal(message["status"], headers)
                if replaced:
                    await send_too_large(scope, receive, send, request_id)
            if not replaced:
                await send(message)

        await self._app(scope, receive, send_in_envelope)


def add_safe_headers(headers: MutableHeaders) -> None:
    for name, value in SAFE_HEADERS.items():
        headers.setdefault(name, value)


def is_plain_refusal(status: int, headers: MutableHeaders) -> bool:
    media_type = headers.get("content-type", "")
    return status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and media_type.startswith(
        "text/"
    )


async def send_too_large(
    scope: Scope, receive: Receive, send: Send, request_id: str
) -> None:
    response = problem_response(
        Request(scope, receive),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body_too_large",
        "The request body is larger than this route accepts.",
    )
    response.headers[REQUEST_ID_HEADER] = request_id
    add_safe_headers(response.headers)
    await response(scope, receive, send)
