"""A client that asks too often is told to wait, and how long."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api.rates import address_of, class_of
from app.keys.scope import Scope
from app.main import limiter_of
from app.settings import Settings
from tests.conftest import FakeQueue
from tests.factories import read_problem

SPEC = {"epochs": 1}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"rate_change": 2, "rate_read": 600})


def test_too_many_changes_are_refused(client: TestClient, queue: FakeQueue) -> None:
    answers = [client.post("/jobs", json=SPEC) for _ in range(3)]

    problem = read_problem(answers[2])
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert problem["code"] == "rate_limited"
    assert answers[2].headers["retry-after"] == "30"
    assert len(queue.enqueued) == 2


def test_answers_tell_what_is_left(client: TestClient) -> None:
    answer = client.get("/jobs")
    [refused] = [client.post("/jobs", json=SPEC) for _ in range(3)][2:]

    assert answer.headers["ratelimit-policy"] == '"read";q=600;w=60'
    assert answer.headers["ratelimit"] == '"read";r=599;t=1'
    assert refused.headers["ratelimit"] == '"change";r=0;t=60'


def test_what_is_not_counted_says_nothing_of_it(client: TestClient) -> None:
    assert "ratelimit" not in client.get("/health/live").headers
    assert "ratelimit" not in client.post("/predict").headers


def test_each_key_is_counted(app: FastAPI, client: TestClient) -> None:
    settings = app.state.services.settings.model_copy(update={"rate_read": 1})
    app.state.services = replace(app.state.services, limiter=limiter_of(settings))
    here, there = (TestClient(app, client=(host, 1)) for host in ("10.0.0.1", "::2"))

    found = [asker.get("/jobs").status_code for asker in (here, here, there)]

    assert found == [200, 429, 200]


def test_without_redis_nobody_gets_in_if_that_is_set(
    app: FastAPI, client: TestClient
) -> None:
    closed = {"rate_without_redis": "closed"}
    settings = app.state.services.settings.model_copy(update=closed)
    app.state.services = replace(app.state.services, limiter=limiter_of(settings))

    response = client.get("/jobs")

    assert read_problem(response)["code"] == "rate_limits_unavailable"
    assert response.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    ("method", "path", "scope", "expected"),
    [
        ("POST", "/predict", Scope.PREDICT, "predict"),
        ("GET", "/predictions", Scope.PREDICT, "read"),
        ("POST", "/architectures/describe", Scope.READ, "read"),
        ("DELETE", "/keys/1", Scope.ADMIN, "change"),
    ],
)
def test_a_request_has_a_class(
    method: str, path: str, scope: Scope, expected: str
) -> None:
    assert class_of(method, path, scope) == expected


def test_who_comes_by_a_socket_file_has_no_address() -> None:
    assert address_of({"client": None}) == "nowhere"


def test_where_no_keys_are_asked_for_there_is_none_to_show(client: TestClient) -> None:
    assert read_problem(client.get("/keys/me"))["code"] == "key_not_found"
