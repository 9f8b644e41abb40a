"""Around every request: an id, and a problem document where the framework has none."""

from http import HTTPStatus
from uuid import uuid4

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import REQUEST_ID_HEADER, problem_response


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
                replaced = is_plain_refusal(message["status"], headers)
                if replaced:
                    await send_too_large(scope, receive, send, request_id)
            if not replaced:
                await send(message)

        await self._app(scope, receive, send_in_envelope)


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
    await response(scope, receive, send)
