"""Every change leaves a line: who, what, when, from where; never what was in it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text, update
from sqlmodel import Session
from typer.testing import CliRunner

from app.api.auditor import Auditor
from app.audit import forget_entries, store_entries
from app.audit_models import AuditEntry
from app.cli import cli
from app.keys.scope import Scope
from app.models import now
from app.settings import Settings
from tests.api.test_keys import bearer
from tests.factories import (
    drawn_digit,
    encoded,
    read_problem,
    submitted_job,
    succeeded_job,
)

SPEC = {"epochs": 1}


def entries(client: TestClient, **query: str | int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/audit", params=query).json()["data"]
    return found


def told(client: TestClient, **query: str | int) -> list[tuple[str, str]]:
    return [(one["action"], one["target"]) for one in entries(client, **query)]


def test_a_change_is_told_with_who_made_it_and_from_where(
    settings: Settings, app: FastAPI, client: TestClient, engine: Engine
) -> None:
    guarded = settings.model_copy(update={"auth": "on"})
    app.state.services = type(app.state.services)(
        **{**vars(app.state.services), "settings": guarded}
    )
    admin = bearer(engine, Scope.ADMIN) | {"X-Request-ID": "mine"}

    job = client.post("/jobs", json=SPEC, headers=admin).json()

    [entry] = client.get("/audit", headers=admin).json()["data"]
    assert entry["object"] == "audit_entry"
    assert (entry["action"], entry["target"]) == ("createJob", f"/jobs/{job['id']}")
    assert (entry["status"], entry["request_id"]) == (201, "mine")
    assert entry["address"] == "testclient"
    assert entry["key_id"] == admin["Authorization"].split("_")[1]
    assert client.get("/audit", headers=bearer(engine, Scope.READ)).status_code == 403


def test_each_kind_of_change_names_its_target(
    client: TestClient, engine: Engine
) -> None:
    job = submitted_job(engine)
    client.patch(f"/jobs/{job.id}", json={"name": "a"})
    client.post(f"/jobs/{job.id}/cancel")
    client.post("/models", json={"name": "digits"})
    client.post("/keys", json={"name": "kiosk"})
    client.delete("/models/digits")

    key = client.get("/keys").json()["data"][0]["id"]
    assert told(client) == [
        ("deleteModel", "/models/digits"),
        ("createKey", f"/keys/{key}"),
        ("createModel", "/models/digits"),
        ("cancelJob", f"/jobs/{job.id}"),
        ("editJob", f"/jobs/{job.id}"),
    ]


def test_an_action_on_several_jobs_names_those_that_it_changed(
    client: TestClient, engine: Engine
) -> None:
    job = submitted_job(engine)
    ids = [str(job.id), str(UUID(int=7))]

    client.post("/jobs/bulk", json={"action": "cancel", "ids": ids})

    assert told(client) == [("cancelJob", f"/jobs/{job.id}")]


def test_what_changes_nothing_leaves_no_line(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)
    client.get("/jobs")
    client.post("/jobs", json=SPEC, params={"dry_run": True})
    client.post("/jobs", json={"epochs": -1})
    client.post("/architectures/describe", json={"architecture": "tutorial"})
    client.post(f"/jobs/{UUID(int=7)}/cancel")
    client.post("/predict", files={"image": encoded(drawn_digit())})

    assert entries(client) == []


def test_no_secret_and_no_body_is_in_the_log(client: TestClient) -> None:
    key = client.post("/keys", json={"name": "kiosk"}).json()["key"]
    hook = client.post("/webhooks", json={"url": "https://example.com/"}).json()

    text_of_all = json.dumps(entries(client))

    assert key not in text_of_all
    assert hook["secret"] not in text_of_all
    assert "kiosk" not in text_of_all


def filled(session: Session) -> list[AuditEntry]:
    kinds = [
        ("anna", "createJob", "/jobs/1"),
        ("anna", "moveAlias", "/models/digits/aliases/champion"),
        ("bert", "createModel", "/models/digits"),
        ("bert", "createModel", "/models/digits2"),
    ]
    start = now() - timedelta(hours=1)
    made = [
        AuditEntry(
            created_at=start + timedelta(minutes=place),
            key_id=key_id,
            action=action,
            target=target,
        )
        for place, (key_id, action, target) in enumerate(kinds)
    ]
    store_entries(session, made)
    return made


def test_entries_are_found_by_key_action_target_and_time(
    client: TestClient, session: Session
) -> None:
    made = filled(session)
    third = made[2].created_at.isoformat()

    assert len(entries(client, key="anna")) == 2
    assert len(entries(client, action="createModel")) == 2
    assert told(client, target="/models/digits") == [
        ("createModel", "/models/digits"),
        ("moveAlias", "/models/digits/aliases/champion"),
    ]
    assert len(entries(client, since=third)) == 2
    assert len(entries(client, until=third)) == 2
    assert len(entries(client, key="bert", since=third, limit=1)) == 1


@pytest.mark.parametrize(
    "moment", ["0.5", "-1", "1e9", "yesterday", "2026-11-25T10:00:00"]
)
def test_a_moment_is_written_out_with_its_zone(client: TestClient, moment: str) -> None:
    problem = read_problem(client.get("/audit", params={"since": moment}))

    assert (problem["status"], problem["code"]) == (422, "invalid_request")
    assert problem["errors"][0]["pointer"] == "/query/since"


def test_the_log_is_read_in_pages(client: TestClient, session: Session) -> None:
    made = filled(session)

    first = client.get("/audit", params={"limit": 3}).json()
    rest = client.get("/audit", params={"after": first["last_id"]}).json()

    found = [one["id"] for one in first["data"] + rest["data"]]
    assert found == [str(entry.id) for entry in reversed(made)]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    unknown = client.get("/audit", params={"after": str(UUID(int=7))})
    assert read_problem(unknown)["code"] == "unknown_cursor"


def test_old_entries_are_forgotten(client: TestClient, session: Session) -> None:
    made = filled(session)
    old = now() - timedelta(days=3)
    session.exec(update(AuditEntry).values(created_at=old))
    session.commit()

    forget_entries(session, timedelta(days=4))
    assert len(entries(client)) == len(made)
    forget_entries(session, timedelta(days=2))
    assert entries(client) == []


def test_changes_at_once_are_all_told(
    app: FastAPI, client: TestClient, engine: Engine
) -> None:
    auditor = Auditor(app)
    auditor._waiting.extend(AuditEntry(action="a", target="/") for _ in range(9))

    with ThreadPoolExecutor(4) as threads:
        for _ in range(4):
            threads.submit(auditor._write, app.state.services)

    assert len(entries(client)) == 9


def test_a_change_that_cannot_be_noted_is_in_the_log_of_the_service(
    client: TestClient, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE audit_entry"))

    response = client.post("/models", json={"name": "digits"})

    assert response.status_code == 201
    assert "not in the audit log" in caplog.text
    assert "createModel" in caplog.text


def test_keys_that_are_made_on_the_machine_are_told_of(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(settings.data_dir))

    CliRunner().invoke(cli, ["keys", "create", "kiosk"], catch_exceptions=False)
    key_id = client.get("/keys").json()["data"][0]["id"]
    CliRunner().invoke(cli, ["keys", "revoke", key_id], catch_exceptions=False)

    found = entries(client)
    assert [one["action"] for one in found] == ["revokeKey", "createKey"]
    assert {one["target"] for one in found} == {f"/keys/{key_id}"}
    assert {(one["key_id"], one["address"]) for one in found} == {(None, None)}
