"""What a key may have is shown, edited and enforced over HTTP."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.database.engine import write_session
from app.keys import store
from app.keys.scope import Scope
from app.settings import Settings
from tests.factories import read_problem

SPEC = {"epochs": 2}
Headers = dict[str, str]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"auth": "on", "quota_queued_jobs": 1})


@pytest.fixture
def key(engine: Engine) -> Callable[..., tuple[str, Headers]]:
    def make(*scopes: Scope) -> tuple[str, Headers]:
        with write_session(engine) as session:
            row, key = store.create_key(session, "test", scopes)
        return row.id, {"Authorization": f"Bearer {key}"}

    return make


MakeKey = Callable[..., tuple[str, Headers]]


def test_a_key_that_has_enough_is_refused(client: TestClient, key: MakeKey) -> None:
    _key_id, headers = key(Scope.TRAIN)

    found = [client.post("/jobs", json=SPEC, headers=headers) for _ in range(2)]

    problem = read_problem(found[1])
    assert found[0].status_code == 201
    assert (problem["status"], problem["code"]) == (403, "quota_exceeded")
    assert "1 of 1 queued jobs" in problem["detail"]


def test_a_bulk_retry_stops_at_the_quota(client: TestClient, key: MakeKey) -> None:
    _key_id, headers = key(Scope.TRAIN)
    job_id = client.post("/jobs", json=SPEC, headers=headers).json()["id"]
    client.post(f"/jobs/{job_id}/cancel", headers=headers)
    bulk = {"action": "retry", "ids": [job_id, job_id]}

    answer = client.post("/jobs/bulk", json=bulk, headers=headers).json()["data"]

    assert [one["code"] for one in answer] == [None, "quota_exceeded"]


def test_any_key_sees_itself(client: TestClient, key: MakeKey) -> None:
    key_id, headers = key(Scope.PREDICT)

    shown = client.get("/keys/me", headers=headers).json()

    assert (shown["id"], shown["quotas"]["queued_jobs"]) == (key_id, None)
    assert shown["usage"]["queued_jobs"] == {"used": 0, "limit": 1}
    assert shown["usage"]["epochs_a_day"] == {"used": 0, "limit": None}


def test_nobody_without_a_key_is_shown(client: TestClient) -> None:
    assert read_problem(client.get("/keys/me"))["code"] == "key_missing"


def test_quotas_are_edited(client: TestClient, key: MakeKey) -> None:
    _admin_id, admin = key(Scope.ADMIN)
    key_id, headers = key(Scope.TRAIN)
    place = f"/keys/{key_id}"
    for _ in range(2):
        client.post("/jobs", json=SPEC, headers=headers)

    edit = {"name": "Ada", "quotas": {"queued_jobs": 5, "epochs_a_day": 4}}
    edited = client.patch(place, json=edit, headers=admin).json()
    back = client.patch(place, json={"quotas": {"queued_jobs": None}}, headers=admin)

    assert (edited["name"], edited["quotas"]["queued_jobs"]) == ("Ada", 5)
    assert edited["usage"]["queued_jobs"] == {"used": 1, "limit": 5}
    assert edited["usage"]["epochs_a_day"] == {"used": 2, "limit": 4}
    assert back.json()["quotas"] == edited["quotas"] | {"queued_jobs": None}
    assert client.get(place, headers=admin).json() == back.json()


def test_an_edit_that_makes_no_sense_changes_nothing(
    client: TestClient, key: MakeKey
) -> None:
    admin_id, admin = key(Scope.ADMIN)
    place = f"/keys/{admin_id}"

    wrong = client.patch(place, json={"quotas": {"queued_jobs": -1}}, headers=admin)
    nothing = client.patch(place, json={}, headers=admin)

    [error] = read_problem(wrong)["errors"]
    assert error["pointer"] == "/body/quotas/queued_jobs"
    assert nothing.json()["quotas"]["queued_jobs"] is None
    for unknown in (
        client.patch("/keys/nobody", json={"name": "n"}, headers=admin),
        client.get("/keys/nobody", headers=admin),
    ):
        assert read_problem(unknown)["code"] == "key_not_found"


def test_a_key_that_has_stored_enough_uploads_nothing(
    client: TestClient, key: MakeKey
) -> None:
    _admin_id, admin = key(Scope.ADMIN)
    key_id, headers = key(Scope.TRAIN)
    edit = {"quotas": {"stored_bytes": 0}}
    client.patch(f"/keys/{key_id}", json=edit, headers=admin)

    response = client.post("/datasets", headers=headers)

    assert read_problem(response)["code"] == "quota_exceeded"
