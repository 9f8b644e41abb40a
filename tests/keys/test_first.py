"""The first start makes one admin key, shows it once, and leaves it to its owner."""

import logging
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.key_file import FILE_NAME, read_key_file
from app.keys import store
from app.keys.first import demand_first_key
from app.keys.scope import Scope
from app.settings import Settings


def test_the_first_key_is_shown_and_kept_for_its_owner(
    engine: Engine,
    session: Session,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    demand_first_key(engine, settings.data_dir)

    key = read_key_file(settings.data_dir)
    assert key is not None
    found = store.find_key(session, key)
    assert found is not None
    assert found.scopes == [Scope.ADMIN]
    assert key in caplog.text
    mode = (settings.data_dir / FILE_NAME).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_later_starts_make_none(
    engine: Engine,
    session: Session,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    demand_first_key(engine, settings.data_dir)
    store.revoke_key(session, "first")
    caplog.clear()
    demand_first_key(engine, settings.data_dir)

    assert len(store.list_keys(session)) == 1
    assert caplog.records == []


def test_processes_that_start_at_once_make_one_key(
    engine: Engine,
    session: Session,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    with ThreadPoolExecutor(4) as threads:
        list(
            threads.map(lambda _: demand_first_key(engine, settings.data_dir), range(4))
        )

    key = read_key_file(settings.data_dir)
    assert key is not None
    assert store.find_key(session, key) is not None
    assert len(caplog.records) == 1


def test_without_a_file_there_is_no_key(settings: Settings) -> None:
    assert read_key_file(settings.data_dir) is None
