"""Keys are looked up once in a while; what ended is refused."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from app.errors import KeyMissing, KeyRefused
from app.keys import check, store
from app.keys.check import FRESH_SECONDS, KeyCheck, KnownKey
from app.keys.scope import USUAL, Scope
from app.models import now
from tests.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(engine: Engine, clock: Clock) -> KeyCheck:
    return KeyCheck(engine, clock)


def checked(keys: KeyCheck, key: str) -> KnownKey:
    return asyncio.run(keys.check(f"Bearer {key}"))


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer"])
def test_without_a_key_one_is_asked_for(keys: KeyCheck, header: str | None) -> None:
    with pytest.raises(KeyMissing):
        asyncio.run(keys.check(header))


def test_an_unknown_key_is_refused(keys: KeyCheck) -> None:
    with pytest.raises(KeyRefused):
        checked(keys, "mm_first_guess")


def test_a_key_is_looked_up_once_until_that_is_old(
    keys: KeyCheck, clock: Clock, session: Session, engine: Engine
) -> None:
    row, key = store.create_key(session, "n", USUAL)
    statements: list[str] = []
    event.listen(
        engine, "before_cursor_execute", lambda *given: statements.append(given[2])
    )

    found = [checked(keys, key) for _ in range(3)]

    assert {known.id for known in found} == {row.id}
    assert sum("SELECT" in one for one in statements) == 1
    clock.seconds = FRESH_SECONDS + 1
    checked(keys, key)
    assert sum("SELECT" in one for one in statements) == 2


def test_a_revoked_key_is_refused_within_seconds_or_at_once(
    keys: KeyCheck, clock: Clock, session: Session
) -> None:
    _row, key = store.create_key(session, "n", USUAL)
    row, other = store.create_key(session, "n", USUAL)
    checked(keys, other)
    checked(keys, key)
    store.revoke_key(session, row.id)

    assert checked(keys, other).id == row.id
    clock.seconds = FRESH_SECONDS + 1
    with pytest.raises(KeyRefused):
        checked(keys, other)
    clock.seconds = 0
    checked(keys, key)
    keys.forget()
    with pytest.raises(KeyRefused):
        checked(keys, other)


def test_a_key_that_expires_while_it_is_remembered_is_refused(
    keys: KeyCheck, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = now() + timedelta(seconds=1)
    _row, key = store.create_key(session, "n", USUAL, soon)
    checked(keys, key)

    monkeypatch.setattr(check, "now", lambda: soon)

    with pytest.raises(KeyRefused):
        checked(keys, key)


def test_only_so_many_keys_are_remembered(
    keys: KeyCheck, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "MOST_REMEMBERED", 2)

    for _ in range(4):
        checked(keys, store.create_key(session, "n", USUAL)[1])

    assert len(keys._known) == 2


def test_admin_allows_everything() -> None:
    admin = KnownKey("a", frozenset({Scope.ADMIN}), None)
    reader = KnownKey("r", frozenset({Scope.READ}), None)

    assert all(admin.allows(scope) for scope in Scope)
    assert [scope for scope in Scope if reader.allows(scope)] == [Scope.READ]
