"""Of a key only a hash is kept; it is found, used and ended by its id."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from app.errors import KeyNotFound
from app.keys import store
from app.keys.scope import USUAL, Scope
from app.keys.secret import digest, id_of
from app.models import ApiKey, now
from tests.jobs.conftest import engine as engine
from tests.jobs.conftest import settings as settings

LATER, EARLIER = timedelta(hours=1), timedelta(hours=-1)


def test_a_key_is_found_and_is_stored_nowhere(session: Session, engine: Engine) -> None:
    row, key = store.create_key(session, "notebook", USUAL)

    found = store.find_key(session, key)
    assert found is not None
    assert (found.id, found.scopes) == (row.id, ["predict", "read", "train"])
    with engine.connect() as connection:
        stored = repr(connection.execute(text("SELECT * FROM api_key")).all())
    assert key.rpartition("_")[2] not in stored
    assert digest(key) in stored


def test_keys_are_long_and_never_the_same(session: Session) -> None:
    keys = {store.create_key(session, "n", USUAL)[1] for _ in range(20)}

    assert len(keys) == 20
    assert min(map(len, keys)) > 50


@pytest.mark.parametrize(
    "wrong", ["", "mm_", "mm_x", "mm_x_y", "other", "mm__", "sk_a_b", "mm_é_ü"]
)
def test_what_is_no_key_of_ours_is_not_found(session: Session, wrong: str) -> None:
    store.create_key(session, "n", USUAL)

    assert store.find_key(session, wrong) is None


def test_the_right_id_with_another_secret_is_not_found(session: Session) -> None:
    row, key = store.create_key(session, "n", USUAL)

    assert id_of(key) == row.id
    assert store.find_key(session, f"mm_{row.id}_{'x' * 43}") is None
    assert store.find_key(session, key + "x") is None


def test_a_revoked_key_stays_revoked_since_then(session: Session) -> None:
    row, _key = store.create_key(session, "n", USUAL)

    first = store.revoke_key(session, row.id).revoked_at
    again = store.revoke_key(session, row.id).revoked_at

    assert first is not None
    assert first == again


def test_an_unknown_key_cannot_be_revoked(session: Session) -> None:
    with pytest.raises(KeyNotFound):
        store.revoke_key(session, "nobody")


@pytest.mark.parametrize(
    ("expires", "revoked", "ended"),
    [
        (None, None, False),
        (LATER, None, False),
        (EARLIER, None, True),
        (LATER, EARLIER, True),
    ],
)
def test_a_key_ends_when_it_expires_or_is_revoked(
    expires: timedelta | None, revoked: timedelta | None, *, ended: bool
) -> None:
    moment = now()
    row = ApiKey(
        id="i",
        name="n",
        scopes=[Scope.READ],
        digest="d",
        expires_at=None if expires is None else moment + expires,
        revoked_at=None if revoked is None else moment + revoked,
    )

    assert store.has_ended(row, moment) is ended


def test_the_newest_key_is_listed_first(session: Session) -> None:
    made = [store.create_key(session, name, USUAL)[0].id for name in "abc"]

    assert [row.id for row in store.list_keys(session)] == made[::-1]


def test_use_is_written_once_a_minute(session: Session) -> None:
    row, _key = store.create_key(session, "n", USUAL)

    store.note_use(session, row.id)
    session.refresh(row)
    first = row.last_used_at
    store.note_use(session, row.id)
    session.refresh(row)

    assert first is not None
    assert row.last_used_at == first
