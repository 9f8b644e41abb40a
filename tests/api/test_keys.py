"""Who has a key gets in, for what it is good for, and nobody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.api.scopes import is_open, needed_scope
from app.database.engine import write_session
from app.keys import store
from app.keys.scope import USUAL, Scope
from app.main import create_app
from app.models import Job
from app.settings import Settings
from tests.factories import (
    drawn_digit,
    encoded,
    fresh_weights,
    read_problem,
    succeeded_job,
)

PNG = encoded(drawn_digit())
SPEC = {"epochs": 1}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"auth": "on"})


@pytest.fixture
def alone(settings: Settings, app: FastAPI) -> None:
    """Let each key see its own jobs only."""
    own = settings.model_copy(update={"key_sees": "own"})
    app.state.services = replace(app.state.services, settings=own)


def bearer(engine: Engine, *scopes: Scope) -> dict[str, str]:
    with write_session(engine) as session:
        _row, key = store.create_key(session, "test", scopes)
    return {"Authorization": f"Bearer {key}"}


def test_without_a_key_nothing_is_answered(client: TestClient) -> None:
    response = client.get("/jobs")

    problem = read_problem(response)
    assert (problem["status"], problem["code"]) == (401, "key_missing")
    assert response.headers["www-authenticate"] == 'Bearer realm="modelmill"'


def test_a_wrong_key_is_refused(client: TestClient) -> None:
    response = client.get("/jobs", headers={"Authorization": "Bearer mm_first_x"})

    assert read_problem(response)["code"] == "key_refused"


@pytest.mark.parametrize("path", ["/", "/healthz", "/docs", "/redoc", "/openapi.json"])
def test_signs_of_life_and_docs_are_open(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/jobs", Scope.READ),
        ("POST", "/jobs", Scope.TRAIN),
        ("DELETE", f"/jobs/{UUID(int=7)}", Scope.TRAIN),
        ("POST", "/predict", Scope.PREDICT),
        ("GET", "/keys", Scope.ADMIN),
        ("POST", "/keys", Scope.ADMIN),
        ("GET", "/nowhere", Scope.READ),
    ],
)
def test_a_key_is_good_for_its_scope_alone(
    client: TestClient, engine: Engine, method: str, path: str, scope: Scope
) -> None:
    others = bearer(engine, *(set(USUAL) - {scope}))
    response = client.request(method, path, headers=others)
    allowed = client.request(method, path, headers=bearer(engine, scope))

    problem = read_problem(response)
    assert (problem["status"], problem["code"]) == (403, "scope_missing")
    assert f"`{scope}`" in problem["detail"]
    assert allowed.status_code not in (401, 403)


def test_what_changes_nothing_is_read_though_it_is_posted() -> None:
    assert needed_scope("POST", "/architectures/describe") is Scope.READ
    assert needed_scope("POST", "/healthz") is Scope.TRAIN
    assert needed_scope("POST", "/checkpoints/1/feature-maps") is Scope.PREDICT
    assert is_open("GET", "/static/docs/init.js")
    assert not is_open("POST", "/healthz")


def test_a_key_is_asked_for_before_anything_is_read(client: TestClient) -> None:
    too_much = bytes(64 * 1024 * 1024)  # which would be refused as such

    response = client.post("/predict", content=too_much)

    assert read_problem(response)["code"] == "key_missing"


def test_a_key_is_made_shown_once_and_revoked(
    client: TestClient, engine: Engine
) -> None:
    admin = bearer(engine, Scope.ADMIN)
    wanted = {"name": "kiosk", "scopes": ["predict", "read"]}
    made = client.post("/keys", json=wanted, headers=admin)
    key = {"Authorization": f"Bearer {made.json()['key']}"}

    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    assert client.get("/jobs", headers=key).status_code == 200
    assert client.post("/jobs", json=SPEC, headers=key).status_code == 403
    listed = client.get("/keys", headers=admin).json()["data"]
    assert listed[0]["id"] == made.json()["id"]
    assert "key" not in listed[0]
    revoked = client.delete(f"/keys/{made.json()['id']}", headers=admin)
    assert revoked.json()["revoked_at"] is not None
    assert client.get("/jobs", headers=key).status_code == 401


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/body/name"),
        ({"name": "n", "scopes": []}, "/body/scopes"),
        ({"name": "n", "scopes": ["root"]}, "/body/scopes/0"),
        ({"name": "n", "expires_at": "2001-01-01T00:00:00Z"}, "/body/expires_at"),
        ({"name": "n", "expires_at": "2001-01-01T00:00:00"}, "/body/expires_at"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(
    client: TestClient, engine: Engine, body: dict[str, object], pointer: str
) -> None:
    response = client.post("/keys", json=body, headers=bearer(engine, Scope.ADMIN))

    [error] = read_problem(response)["errors"]
    assert error["pointer"] == pointer


def test_a_key_may_end_by_itself(client: TestClient, engine: Engine) -> None:
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    body = {"name": "n", "expires_at": later}

    made = client.post("/keys", json=body, headers=bearer(engine, Scope.ADMIN))

    assert made.json()["expires_at"] is not None


def test_an_unknown_key_is_not_found(client: TestClient, engine: Engine) -> None:
    response = client.delete("/keys/nobody", headers=bearer(engine, Scope.ADMIN))

    assert read_problem(response)["code"] == "key_not_found"


def test_a_job_is_its_keys(client: TestClient, engine: Engine) -> None:
    key = bearer(engine, *USUAL)
    job = client.post("/jobs", json=SPEC, headers=key).json()

    with write_session(engine) as session:
        row = session.get(Job, UUID(job["id"]))
        assert row is not None
        assert row.key_id == key["Authorization"].split("_")[1]


def test_other_keys_jobs_are_not_there(
    client: TestClient, engine: Engine, alone: None
) -> None:
    mine, other = bearer(engine, *USUAL), bearer(engine, *USUAL)
    admin = bearer(engine, Scope.ADMIN)
    job_id = client.post("/jobs", json=SPEC, headers=mine).json()["id"]

    def seen(key: dict[str, str]) -> tuple[int, int, str | None]:
        bulk = {"action": "cancel", "ids": [job_id]}
        [result] = client.post("/jobs/bulk", json=bulk, headers=key).json()["data"]
        return (
            client.get(f"/jobs/{job_id}", headers=key).status_code,
            len(client.get("/jobs", headers=key).json()["data"]),
            result["code"],
        )

    assert seen(other) == (404, 0, "job_not_found")
    for method, path in [
        ("GET", "/metrics"),
        ("GET", "/events"),
        ("POST", "/cancel"),
        ("DELETE", ""),
    ]:
        response = client.request(method, f"/jobs/{job_id}{path}", headers=other)
        assert response.status_code == 404, path
    assert seen(admin)[:2] == (200, 1)
    assert seen(mine)[:2] == (200, 1)
    assert client.get("/jobs/7", headers=mine).status_code == 404


def test_other_keys_networks_do_not_answer(
    client: TestClient, engine: Engine, alone: None
) -> None:
    mine, other = bearer(engine, *USUAL), bearer(engine, *USUAL)
    job = succeeded_job(engine)
    with engine.begin() as connection:
        owner = mine["Authorization"].split("_")[1]
        connection.execute(text("UPDATE job SET key_id = :id"), {"id": owner})

    def asked(key: dict[str, str], query: str = "") -> tuple[int, str]:
        files = {"image": ("a.png", PNG)}
        answer = client.post(f"/predict{query}", files=files, headers=key)
        return answer.status_code, answer.json().get("code", "")

    checkpoint_id = client.post(
        "/predict", files={"image": ("a.png", PNG)}, headers=mine
    ).json()["checkpoint"]["id"]
    assert asked(mine, f"?job_id={job.id}&epoch=last")[0] == 200
    assert asked(other) == (409, "no_checkpoint_yet")
    assert asked(other, "?epoch=last") == (409, "no_checkpoint_yet")
    assert asked(other, f"?job_id={job.id}") == (404, "job_not_found")
    assert asked(other, f"?checkpoint_id={checkpoint_id}") == (
        404,
        "checkpoint_not_found",
    )


def test_a_database_that_is_away_is_told_at_the_door(
    client: TestClient, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE api_key RENAME TO moved"))

    response = client.get("/jobs", headers={"Authorization": "Bearer mm_first_x"})

    assert read_problem(response)["code"] == "database_unavailable"


def test_a_first_start_leaves_a_key(settings: Settings) -> None:
    with TestClient(create_app(settings)) as client:
        key = (settings.data_dir / "admin.key").read_text().strip()

        response = client.get("/keys", headers={"Authorization": f"Bearer {key}"})

    assert response.json()["data"][0]["name"] == "first start"


def test_a_key_can_be_kept_from_the_insides_of_others_networks(
    client: TestClient, engine: Engine, alone: None
) -> None:
    mine, other = bearer(engine, *USUAL), bearer(engine, *USUAL)
    job = succeeded_job(engine)
    with engine.begin() as connection:
        owner = mine["Authorization"].split("_")[1]
        connection.execute(text("UPDATE job SET key_id = :id"), {"id": owner})
    [checkpoint] = client.get(f"/jobs/{job.id}/checkpoints", headers=mine).json()[
        "data"
    ]

    def statuses(key: dict[str, str]) -> list[int]:
        place, files = f"/checkpoints/{checkpoint['id']}", {"image": ("a.png", PNG)}
        shown = client.get(place, headers=key)
        drawn = client.get(f"{place}/filters.png", headers=key)
        mapped = client.post(f"{place}/feature-maps", files=files, headers=key)
        return [answer.status_code for answer in (shown, drawn, mapped)]

    assert statuses(mine) == [200, 200, 200]
    assert statuses(other) == [404, 404, 404]


@pytest.mark.usefixtures("alone")
def test_an_import_is_seen_by_the_key_that_sent_it(
    client: TestClient, engine: Engine
) -> None:
    mine, other = bearer(engine, *USUAL), bearer(engine, *USUAL)
    client.post("/models", json={"name": "digits"}, headers=mine)
    files = {"file": ("a.safetensors", fresh_weights(UUID(int=1)))}
    made = client.post("/models/digits/imports", files=files, headers=mine).json()
    checkpoint_id = made["checkpoint_id"]

    def answers(headers: dict[str, str]) -> list[int]:
        pictures, start = {"image": ("a.png", PNG)}, {"init_from": checkpoint_id}
        named = f"/predict?checkpoint_id={checkpoint_id}"
        address = f"/checkpoints/{checkpoint_id}"
        return [
            client.get(address, headers=headers).status_code,
            client.get(f"{address}/export", headers=headers).status_code,
            client.post(named, files=pictures, headers=headers).status_code,
            client.post("/jobs", json=start, headers=headers).status_code,
        ]

    assert answers(mine) == [200, 200, 200, 201]
    assert answers(other) == [404, 404, 404, 422]
