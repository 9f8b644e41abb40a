"""A small upload to /predict takes a shorter way, to the same answer."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import Request, Response
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from starlette.types import Message, Receive, Scope, Send

from app.api.shortcut import LARGEST_BODY, Shortcut
from tests.factories import drawn_digit, encoded, succeeded_job

PNG = encoded(drawn_digit())
PLACE = "/predict"
UNKNOWN_JOB = "00000000-0000-4000-8000-000000000000"
FORM = "multipart/form-data; boundary=edge"


def form(name: str, content: bytes) -> bytes:
    head = f'--edge\r\nContent-Disposition: form-data; name="{name}"; filename="a"'
    return head.encode() + b"\r\n\r\n" + content + b"\r\n--edge--\r\n"


@pytest.mark.parametrize(
    ("query", "content_type", "body"),
    [
        ("", FORM, form("image", PNG)),
        ("?segment=true&explain=true", FORM, form("image", PNG)),
        ("", "image/png", PNG),
        ("", "image/png", PNG[:40]),
        ("", FORM, form("image", b"no picture")),
        ("", FORM, form("photo", PNG)),
        ("", FORM, b"--edge\r\ntorn"),
        ("", "text/plain", b"seven"),
        ("", "application/json", b"{"),
        ("", "", b""),
        ("?preprocess=magic", FORM, form("image", PNG)),
        (f"?job_id={UNKNOWN_JOB}", FORM, form("image", PNG)),
    ],
)
def test_both_ways_lead_to_the_same_answer(
    client: TestClient, engine: Engine, query: str, content_type: str, body: bytes
) -> None:
    succeeded_job(engine)
    headers = {"content-type": content_type, "x-request-id": "same"}

    short = client.post(PLACE + query, content=body, headers=headers)
    # In pieces it has no length that is known before.
    long = client.post(PLACE + query, content=iter([body]), headers=headers)

    assert (short.status_code, short.json()) == (long.status_code, long.json())
    assert short.headers.multi_items() == long.headers.multi_items()


class Detour:
    """The long way: keeps what it was given, and answers nothing."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        self.bodies.append(await Request(scope, receive).body())


async def answer(request: Request) -> Response:
    return Response(await request.body())


async def fail(request: Request) -> Response:
    raise RuntimeError


def take(
    detour: Detour, messages: Iterator[Message], endpoint: Any = answer, **others: Any
) -> list[Message]:
    """Send a request that is usual but for the others through a shortcut."""
    route = APIRoute(PLACE, endpoint, methods=["POST"], response_model=None)
    scope = {
        "type": "http",
        "method": "POST",
        "path": PLACE,
        "headers": [(b"content-length", b"3")],
        **others,
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Shortcut(detour, route, LARGEST_BODY)(scope, receive, send))
    return sent


def whole(body: bytes) -> Iterator[Message]:
    return iter([{"type": "http.request", "body": body, "more_body": False}])


def test_a_small_upload_is_answered_without_the_framework() -> None:
    detour = Detour()

    [_start, message] = take(detour, whole(b"abc"))

    assert (message["body"], detour.bodies) == (b"abc", [])


@pytest.mark.parametrize(
    "unusual",
    [
        {"path": "/predictions"},
        {"method": "GET"},
        {"headers": []},
        {"headers": [(b"content-length", b"-1")]},
        {"headers": [(b"content-length", b"000003")]},
        {"headers": [(b"content-length", str(LARGEST_BODY + 1).encode())]},
    ],
)
def test_whatever_is_unusual_goes_the_long_way(unusual: dict[str, Any]) -> None:
    detour = Detour()

    assert take(detour, whole(b"abc"), **unusual) == []
    assert detour.bodies == [b"abc"]


def test_what_fails_goes_the_long_way_with_its_body() -> None:
    detour = Detour()

    assert take(detour, whole(b"abc"), fail) == []
    assert detour.bodies == [b"abc"]


def test_a_client_that_leaves_in_the_middle_gets_nothing() -> None:
    detour = Detour()
    torn: list[Message] = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.disconnect"},
    ]

    assert take(detour, iter(torn)) == []
    assert detour.bodies == []
