"""A client that takes its time is cut off, on a real server with little patience."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPResponse
from threading import Event

import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.connection import BOUNDS, Bounds, PatientConnection
from app.settings import Settings
from tests.serving import serving

PATIENCE = 0.2
LARGE = 32 * 1024 * 1024  # more than the kernel keeps for a client that does not read
REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
LAST_REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def bounded(most_connections: int) -> ASGIApp:
    """Return an application that answers `ok`, or at /large with a lot."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            scope["state"][BOUNDS] = Bounds(most_connections, PATIENCE)
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        body = bytes(LARGE) if scope["path"] == "/large" else b"ok"
        length = str(len(body)).encode()
        headers = [(b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return application


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    with serving(bounded(2), connection=PatientConnection) as url:
        yield place_of(url)


def place_of(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("http://").partition(":")
    return host, int(port)


def dial(address: tuple[str, int]) -> socket.socket:
    return socket.create_connection(address, timeout=10)


def read_all(client: socket.socket) -> bytes:
    """Read until the server hangs up."""
    parts = iter(lambda: client.recv(65536), b"")
    return b"".join(parts)


def read_answer(client: socket.socket) -> bytes:
    """Read one answer as a whole."""
    with HTTPResponse(client) as response:
        response.begin()
        return response.read()


def problem_in(answer: bytes) -> dict[str, object]:
    problem: dict[str, object] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return problem


def test_a_quick_client_is_answered_again_and_again(
    address: tuple[str, int],
) -> None:
    with closing(dial(address)) as client:
        for _ in range(3):
            client.sendall(REQUEST)
            assert read_answer(client) == b"ok"


@pytest.mark.parametrize("head", [b"GET / HT", REQUEST[:-2]], ids=["torn", "endless"])
def test_a_head_that_does_not_end_is_refused(
    address: tuple[str, int], head: bytes
) -> None:
    with closing(dial(address)) as client:
        client.sendall(head)
        answer = read_all(client)

    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert problem_in(answer)["code"] == "request_timeout"


def test_a_later_head_is_timed_too(address: tuple[str, int]) -> None:
    with closing(dial(address)) as client:
        client.sendall(REQUEST)
        read_answer(client)
        client.sendall(b"GET / HT")

        assert problem_in(read_all(client))["status"] == 408


def test_who_asks_no_more_is_hung_up_on(address: tuple[str, int]) -> None:
    with closing(dial(address)) as client:
        client.sendall(REQUEST)
        read_answer(client)

        assert read_all(client) == b""


def test_requests_may_come_before_their_turn(address: tuple[str, int]) -> None:
    with closing(dial(address)) as client:
        client.sendall(REQUEST + LAST_REQUEST)

        assert read_all(client).count(b"200 OK") == 2


def test_who_says_nothing_hears_nothing(address: tuple[str, int]) -> None:
    with closing(dial(address)) as client:
        assert read_all(client) == b""


def test_a_client_that_does_not_read_is_cut_off(address: tuple[str, int]) -> None:
    with closing(dial(address)) as client:
        client.sendall(REQUEST.replace(b"GET /", b"GET /large"))
        Event().wait(3 * PATIENCE)

        assert len(read_all(client)) < LARGE


def test_a_client_that_reads_what_it_asked_for_gets_it(
    address: tuple[str, int],
) -> None:
    with closing(dial(address)) as client:
        client.sendall(LAST_REQUEST.replace(b"GET /", b"GET /large"))

        assert len(read_all(client)) > LARGE


def test_one_client_too_many_is_told_so(address: tuple[str, int]) -> None:
    with closing(dial(address)) as one, closing(dial(address)) as two:
        for client in (one, two):
            client.sendall(REQUEST)
            read_answer(client)
        with closing(dial(address)) as third:
            third.sendall(REQUEST)
            answer = read_all(third)

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 5" in answer
    assert problem_in(answer)["code"] == "too_many_connections"


@pytest.mark.parametrize("path", [b"/jobs", b"/predict"])
def test_a_body_that_drips_is_refused(
    app: FastAPI, settings: Settings, path: bytes
) -> None:
    quick = settings.model_copy(update={"client_seconds": PATIENCE})
    app.state.services = replace(app.state.services, settings=quick)
    head = b"POST " + path + b" HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n"
    kind = b"Content-Type: application/json\r\n\r\n"

    with serving(app) as url, closing(dial(place_of(url))) as client:
        client.sendall(head + kind + b"{")
        answer = read_all(client)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert problem_in(answer)["code"] == "request_timeout"
