"""Every answer carries an id, and every refusal is a problem document."""

import asyncio
from collections.abc import Iterator
from http import HTTPStatus
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from app.api.access import Answered
from app.api.envelope import Envelope
from app.api.problems import request_id
from tests.factories import read_problem

TOO_MUCH = 1024 * 1024 + 1
JSON = {"content-type": "application/json"}


def in_pieces(size: int) -> Iterator[bytes]:
    for _piece in range(4):
        yield b" " * (size // 4 + 1)


def test_every_answer_has_an_id_of_its_own(client: TestClient) -> None:
    ids = [client.get("/healthz").headers["x-request-id"] for _ in range(2)]

    assert UUID(ids[0]) != UUID(ids[1])


def test_an_id_from_outside_is_taken_over(client: TestClient) -> None:
    response = client.get("/nowhere", headers={"X-Request-ID": "mine.7"})

    assert read_problem(response)["request_id"] == "mine.7"


@pytest.mark.parametrize("given", ["", "two words", "a" * 65, "x\\n", '"{}'])
def test_an_id_that_could_forge_a_line_is_not_taken_over(
    client: TestClient, given: str
) -> None:
    response = client.get("/nowhere", headers={"X-Request-ID": given})

    assert str(UUID(read_problem(response)["request_id"])) != given


@pytest.mark.parametrize("path", ["/healthz", "/jobs", "/nowhere", "/openapi.json"])
def test_no_answer_runs_is_framed_or_taken_for_another_type(
    client: TestClient, path: str
) -> None:
    headers = client.get(path).headers

    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy)
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_page_keeps_a_policy_of_its_own(client: TestClient) -> None:
    policies = client.get("/docs").headers.get_list("content-security-policy")

    assert len(policies) == 1
    assert "default-src 'self'" in policies[0]


def test_a_refusal_outside_the_framework_is_as_safe(client: TestClient) -> None:
    response = client.post("/jobs", content=b" " * TOO_MUCH, headers=JSON)

    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_body_that_announces_too_much_is_refused(client: TestClient) -> None:
    response = client.post("/jobs", content=b" " * TOO_MUCH, headers=JSON)

    problem = read_problem(response)
    assert (problem["status"], problem["instance"]) == (413, "/jobs")
    assert problem["code"] == "body_too_large"


def test_a_body_that_turns_out_too_long_is_refused(client: TestClient) -> None:
    response = client.post("/jobs", content=in_pieces(TOO_MUCH), headers=JSON)

    problem = read_problem(response)
    assert (problem["status"], problem["instance"]) == (413, "/jobs")


def test_the_next_request_after_a_refusal_is_answered(client: TestClient) -> None:
    client.post("/jobs", content=b" " * TOO_MUCH, headers=JSON)

    assert client.post("/jobs", json={}).status_code == 201


@pytest.mark.parametrize("status", [HTTPStatus.OK, HTTPStatus.NOT_FOUND])
def test_other_plain_texts_pass_as_they_are(
    app: FastAPI, client: TestClient, status: HTTPStatus
) -> None:
    app.add_api_route("/text", lambda: PlainTextResponse("as is", status))

    response = client.get("/text")

    assert (response.status_code, response.text) == (status, "as is")
    assert "x-request-id" in response.headers


def test_what_is_not_http_passes_by() -> None:
    scopes: list[Scope] = []
    seen: list[Answered] = []

    async def inside(scope: Scope, _receive: Receive, _send: Send) -> None:
        scopes.append(scope)

    async def receive() -> Message:
        return {}

    async def send(_message: Message) -> None:
        return

    envelope = Envelope(inside, seen.append)
    asyncio.run(envelope({"type": "websocket"}, receive, send))

    assert scopes == [{"type": "websocket"}]
    assert seen == []


def test_a_request_outside_the_envelope_has_an_id_too() -> None:
    assert UUID(request_id({})) != UUID(request_id({}))
    assert request_id({"state": {"request_id": "given"}}) == "given"
