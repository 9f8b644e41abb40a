"""Whatever is wrong, the answer is a problem document that says what."""

from dataclasses import replace

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from app.api.errors import STATUS_CODES, answer_framework_error, violation
from app.database.engine import open_database
from app.errors import ImageRefused, JobNotFound, QueueUnavailable, error_code
from app.settings import Settings
from tests.factories import read_problem


def test_all_violations_come_at_once_each_with_its_place(client: TestClient) -> None:
    body = {
        "epochs": 0,
        "learning_rate": "fast",
        "optimizer": {"kind": "rmsprop", "decay": 2, "speed": 1},
        "layers": 3,
    }

    problem = read_problem(client.post("/jobs", json=body))

    assert problem["detail"] == "The request is not valid: 5 things are wrong."
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [
        ("/body/epochs", "greater_than_equal"),
        ("/body/learning_rate", "float_type"),
        ("/body/optimizer/decay", "less_than"),
        ("/body/optimizer/speed", "extra_forbidden"),
        ("/body/layers", "extra_forbidden"),
    ]


def test_a_violation_shows_the_value_and_the_bound(client: TestClient) -> None:
    problem = read_problem(client.post("/jobs", json={"epochs": 1001}))

    assert problem["errors"] == [
        {
            "pointer": "/body/epochs",
            "code": "less_than_equal",
            "message": "Input should be less than or equal to 1000",
            "value": 1001,
            "constraint": {"le": 1000},
        }
    ]


@pytest.mark.parametrize(
    ("value", "echo"),
    [
        pytest.param(True, True, id="truth"),
        pytest.param(-1.5, -1.5, id="fraction"),
        pytest.param("many", "many", id="word"),
        pytest.param("x" * 201, None, id="long text"),
        pytest.param("a\nb", None, id="two lines"),
        pytest.param([1], None, id="list"),
        pytest.param(10**70, None, id="huge number"),
    ],
)
def test_only_small_values_are_echoed(
    client: TestClient, value: object, echo: object
) -> None:
    problem = read_problem(client.post("/jobs", json={"epochs": value}))

    assert problem["errors"][0].get("value") == echo


def test_an_error_across_fields_points_to_their_object(client: TestClient) -> None:
    body = {"optimizer": {"kind": "sgd", "nesterov": True}}

    [error] = read_problem(client.post("/jobs", json=body))["errors"]

    assert error["pointer"] == "/body/optimizer"
    assert "nesterov needs momentum" in error["message"]


def test_what_is_missing_is_pointed_to(client: TestClient) -> None:
    [error] = read_problem(client.post("/predict", data={"picture": "7"}))["errors"]

    assert (error["pointer"], error["code"]) == ("/body/image", "missing")


def test_a_pointer_escapes_what_json_pointers_reserve(client: TestClient) -> None:
    [error] = read_problem(client.post("/jobs", json={"a/b~c": 1}))["errors"]

    assert error["pointer"] == "/body/a~1b~0c"


def test_a_name_that_is_missing_from_a_json_body_is_pointed_to() -> None:
    detail = {"loc": ("body", "epochs"), "type": "missing", "msg": "?"}

    assert violation(detail, {}).pointer == "/body/epochs"


def test_a_pointer_passes_through_lists() -> None:
    detail = {"loc": ("body", "parts", 1, "size"), "type": "int_type", "msg": "?"}

    found = violation(detail, {"parts": [{}, {"size": "x"}]})

    assert found.pointer == "/body/parts/1/size"


def test_a_violation_in_the_query_points_there(client: TestClient) -> None:
    [error] = read_problem(client.get("/jobs?limit=0"))["errors"]

    assert error["pointer"] == "/query/limit"


def test_an_unknown_address_is_not_found(client: TestClient) -> None:
    problem = read_problem(client.get("/no/such/place"))

    assert (problem["status"], problem["code"]) == (404, "not_found")


def test_a_wrong_method_is_told_the_right_ones(client: TestClient) -> None:
    response = client.delete("/jobs")

    assert read_problem(response)["code"] == "method_not_allowed"
    assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/jobs"), ("GET", "/jobs"), ("GET", "/readyz")]
)
def test_a_database_that_is_away_is_a_503(
    app: FastAPI, client: TestClient, settings: Settings, method: str, path: str
) -> None:
    away = open_database(f"sqlite:///{settings.data_dir / 'no' / 'such.sqlite3'}")
    app.state.services = replace(app.state.services, engine=away)

    response = client.request(method, path, json={})

    problem = read_problem(response)
    assert (problem["status"], problem["code"]) == (503, "database_unavailable")


def test_a_client_is_told_when_to_come_back(
    app: FastAPI, client: TestClient, settings: Settings
) -> None:
    away = open_database(f"sqlite:///{settings.data_dir / 'no' / 'such.sqlite3'}")
    app.state.services = replace(app.state.services, engine=away)

    assert client.get("/jobs").headers["retry-after"] == "5"


def test_an_error_of_ours_without_a_status_is_a_fault_of_the_service(
    app: FastAPI, client: TestClient
) -> None:
    def broken() -> None:
        raise QueueUnavailable

    app.add_api_route("/broken", broken)

    problem = read_problem(client.get("/broken"))
    assert (problem["status"], problem["code"]) == (500, "queue_unavailable")


def test_an_unexpected_error_tells_nothing_of_its_inside(
    app: FastAPI, client: TestClient
) -> None:
    def broken() -> None:
        raise RuntimeError("the password is 12345")

    app.add_api_route("/broken", broken)

    response = client.get("/broken")
    assert read_problem(response)["code"] == "internal_error"
    assert response.status_code == 500
    assert "12345" not in response.text


def test_what_is_no_framework_error_is_not_taken_for_one() -> None:
    request = Request({"type": "http", "path": "/", "headers": []})

    assert answer_framework_error(request, ValueError()).status_code == 500


def test_an_error_s_code_is_its_name() -> None:
    assert error_code(JobNotFound) == "job_not_found"


def test_every_refusal_of_an_image_has_a_status() -> None:
    assert set(ImageRefused.__subclasses__()) <= set(STATUS_CODES)
