"""`modelmill keys` makes, shows and ends keys, also while no service runs."""

import json

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.audit_models import AuditEntry
from app.errors import KeyNotFound
from app.keys import store
from app.settings import Settings
from tests.cli.conftest import RunCommand


@pytest.fixture(autouse=True)
def installation(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("COLUMNS", "200")


def test_a_new_key_is_printed_and_works(
    run: RunCommand, engine: Engine, session: Session
) -> None:
    usual = run("keys", "create", "notebook").stdout.strip()
    narrow = run("keys", "create", "kiosk", "--scope", "predict", "--days", 30)

    found, limited = (
        store.find_key(session, key) for key in (usual, narrow.stdout.strip())
    )
    assert found is not None
    assert limited is not None
    assert found.scopes == ["predict", "read", "train"]
    assert limited.scopes == ["predict"]
    assert limited.expires_at is not None


def test_keys_are_listed_with_their_state(run: RunCommand, engine: Engine) -> None:
    run("keys", "create", "good")
    run("keys", "create", "ending", "--days", 1)
    key_id = run("keys", "create", "ended").stdout.split("_")[1]

    assert "revoked" in run("keys", "revoke", key_id).stdout

    shown = run("keys", "list").stdout
    assert key_id in shown
    assert "good until" in shown
    assert "revoked 2" in shown
    assert "never" in shown


def test_programs_read_what_became_of_keys(run: RunCommand, engine: Engine) -> None:
    made = json.loads(run("keys", "create", "kiosk", "--json").stdout)
    limits = ("--running-jobs", 1, "--json")
    limited = json.loads(run("keys", "limit", made["id"], *limits).stdout)
    revoked = json.loads(run("keys", "revoke", made["id"], "--json").stdout)
    [listed] = run("keys", "list", "--json").stdout.splitlines()

    assert made["key"].startswith(f"mm_{made['id']}_")
    assert limited["quotas"]["running_jobs"] == 1
    assert json.loads(listed) == revoked
    assert revoked["revoked_at"] is not None
    assert not {"key", "digest"} & revoked.keys()


def test_what_is_done_to_keys_is_in_the_audit_log(
    run: RunCommand, session: Session
) -> None:
    key_id = run("keys", "create", "student").stdout.split("_")[1]
    run("keys", "limit", key_id, "--running-jobs", 1)
    run("keys", "revoke", key_id)

    entries = session.exec(select(AuditEntry)).all()
    assert {entry.target for entry in entries} == {f"/keys/{key_id}"}
    actions = sorted(entry.action for entry in entries)
    assert actions == ["createKey", "editKey", "revokeKey"]


def test_an_expired_key_is_listed_as_such(
    run: RunCommand, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("keys", "create", "n", "--days", 1)
    [row] = store.list_keys(session)
    row.last_used_at = row.expires_at = row.created_at
    session.add(row)
    session.commit()

    assert "expired" in run("keys", "list").stdout


def test_an_unknown_key_is_not_revoked(run: RunCommand, engine: Engine) -> None:
    with pytest.raises(KeyNotFound):
        run("keys", "revoke", "nobody")


def test_a_key_gets_quotas_of_its_own(run: RunCommand, session: Session) -> None:
    key_id = run("keys", "create", "student").stdout.split("_")[1]

    given = run("keys", "limit", key_id, "--running-jobs", 1, "--stored-bytes", 10**12)
    taken = run("keys", "limit", key_id)

    assert "1 running_jobs, 1000000000000 stored_bytes" in given.stdout
    assert "as the settings say" in taken.stdout
