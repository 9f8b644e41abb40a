"""Models over HTTP: names for checkpoints, and aliases that move under load."""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.cli.conftest import serving
from tests.factories import (
    drawn_digit,
    encoded,
    read_problem,
    record_epoch,
    running_job,
    succeeded_job,
)

ONE = {"image": ("seven.png", encoded(drawn_digit()))}


@pytest.fixture
def checkpoints(engine: Engine) -> list[UUID]:
    """Give two checkpoints with weights of their own."""
    claim = running_job(engine)
    return [record_epoch(engine, claim, epoch).id for epoch in (1, 2)]


@pytest.fixture
def digits(client: TestClient, checkpoints: list[UUID]) -> str:
    """Give the address of a model whose versions 1 and 2 are these checkpoints."""
    created = client.post("/models", json={"name": "digits"})
    assert created.status_code == 201
    address = created.headers["location"]
    for checkpoint_id in checkpoints:
        body = {"checkpoint_id": str(checkpoint_id)}
        assert client.post(f"{address}/versions", json=body).status_code == 201
    return address


def point(client: TestClient, address: str, **body: object) -> int:
    return client.put(f"{address}/aliases/champion", json=body).status_code


def test_a_model_shows_versions_aliases_and_history(
    client: TestClient, digits: str, checkpoints: list[UUID]
) -> None:
    assert point(client, digits, version=1, if_version=0) == 200
    assert point(client, digits, version=2, if_version=1) == 200

    model = client.get(digits).json()

    assert [one["checkpoint_id"] for one in model["versions"]] == [
        str(checkpoints[1]),
        str(checkpoints[0]),
    ]
    assert [one["epoch"] for one in model["versions"]] == [2, 1]
    assert model["aliases"] == [{"alias": "champion", "version": 2}]
    assert [move["version"] for move in model["history"]] == [2, 1]
    assert client.get("/models").json()["data"][0]["aliases"] == model["aliases"]


def test_without_models_the_list_is_empty(client: TestClient) -> None:
    answer = client.get("/models").json()

    assert (answer["data"], answer["first_id"]) == ([], None)


def test_a_move_on_a_wrong_assumption_is_a_conflict(
    client: TestClient, digits: str
) -> None:
    point(client, digits, version=1)

    response = client.put(
        f"{digits}/aliases/champion", json={"version": 2, "if_version": 2}
    )

    problem = read_problem(response)
    assert (problem["status"], problem["code"]) == (409, "alias_moved")
    assert problem["detail"] == "The alias 'champion' points at version 1."


def test_what_an_alias_names_is_not_deleted(client: TestClient, digits: str) -> None:
    point(client, digits, version=1)

    refused = [
        read_problem(client.delete(address))["code"]
        for address in (digits, f"{digits}/versions/1")
    ]
    removed = client.delete(f"{digits}/aliases/champion?if_version=1")

    assert refused == ["model_in_use", "model_in_use"]
    assert removed.status_code == 204
    assert client.delete(f"{digits}/versions/1").status_code == 204
    assert client.delete(digits).status_code == 204
    assert read_problem(client.get(digits))["code"] == "model_not_found"


def test_a_job_is_not_deleted_from_under_a_version(
    client: TestClient, engine: Engine
) -> None:
    job = succeeded_job(engine)
    [checkpoint] = client.get(f"/jobs/{job.id}/checkpoints").json()["data"]
    client.post("/models", json={"name": "digits"})
    client.post("/models/digits/versions", json={"checkpoint_id": checkpoint["id"]})

    problem = read_problem(client.delete(f"/jobs/{job.id}"))

    assert (problem["status"], problem["code"]) == (409, "checkpoint_in_use")
    assert "digits@1" in problem["detail"]


@pytest.mark.parametrize("name", ["", "Digits", "a b", "-a", "a@1", "a" * 65, "é"])
def test_a_name_that_no_address_can_carry_is_refused(
    client: TestClient, name: str
) -> None:
    [error] = read_problem(client.post("/models", json={"name": name}))["errors"]

    assert error["pointer"] == "/body/name"


def test_an_alias_that_looks_like_a_version_is_refused(
    client: TestClient, digits: str
) -> None:
    response = client.put(f"{digits}/aliases/3", json={"version": 1})

    assert read_problem(response)["code"] == "not_found"


@pytest.mark.parametrize(
    ("which", "version"), [("", 2), ("@1", 1), ("@2", 2), ("@champion", 1)]
)
def test_a_model_answers_and_is_named(
    client: TestClient, digits: str, checkpoints: list[UUID], which: str, version: int
) -> None:
    point(client, digits, version=1)

    answer = client.post(f"/predict?model=digits{which}", files=ONE).json()

    alias = "champion" if which == "@champion" else None
    assert answer["model"] == {"name": "digits", "version": version, "alias": alias}
    assert answer["checkpoint"]["id"] == str(checkpoints[version - 1])


def test_a_prediction_without_a_model_names_none(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)

    assert client.post("/predict", files=ONE).json()["model"] is None


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("model=nobody", 404, "model_not_found"),
        ("model=digits@nobody", 404, "alias_not_found"),
        ("model=digits@9", 404, "version_not_found"),
        ("model=digits&epoch=best", 422, "checkpoint_mismatch"),
        ("model=", 422, "invalid_request"),
    ],
)
@pytest.mark.usefixtures("digits")
def test_a_model_that_cannot_answer_is_refused(
    client: TestClient, query: str, status: int, code: str
) -> None:
    problem = read_problem(client.post(f"/predict?{query}", files=ONE))

    assert (problem["status"], problem["code"]) == (status, code)


def test_an_alias_moves_under_load_without_a_failed_or_mixed_answer(
    app: FastAPI, client: TestClient, digits: str, checkpoints: list[UUID]
) -> None:
    point(client, digits, version=1)
    expected = {
        version: client.post(f"/predict?model=digits@{version}", files=ONE).json()
        for version in (1, 2)
    }

    def ask(url: str) -> list[httpx2.Response]:
        with httpx2.Client(base_url=url, timeout=60) as asking:
            return [
                asking.post("/predict?model=digits@champion", files=ONE)
                for _ in range(40)
            ]

    with serving(app) as url, ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask, url) for _ in range(4)]
        here, there = 1, 2
        for _ in cycle([None]):
            if all(one.done() for one in asked):
                break
            assert point(client, digits, version=there, if_version=here) == 200
            here, there = there, here
        answers = [answer for one in asked for answer in one.result()]

    seen = set()
    for answer in answers:
        assert answer.status_code == 200
        body = answer.json()
        version = body["model"]["version"]
        seen.add(version)
        assert body["checkpoint"]["id"] == str(checkpoints[version - 1])
        assert body["data"] == expected[version]["data"]
    assert seen == {1, 2}


def test_a_version_of_nothing_is_refused(client: TestClient, digits: str) -> None:
    body = {"checkpoint_id": str(uuid4())}

    [error] = read_problem(client.post(f"{digits}/versions", json=body))["errors"]

    assert error["pointer"] == "/body/checkpoint_id"
    assert error["code"] == "checkpoint_not_found"
