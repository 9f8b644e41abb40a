"""A full disk is known by its words, and a reserve leaves room for the last ones."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.database.disk import (
    RESERVE_BYTES,
    RESERVE_NAME,
    free_bytes,
    give_up_reserve,
    is_disk_full,
    keep_reserve,
)
from app.models import Job
from app.spec import TrainingSpec


def reserve(directory: Path) -> Path:
    return directory / RESERVE_NAME


def test_a_database_that_cannot_grow_is_a_full_disk(session: Session) -> None:
    pages = session.execute(text("PRAGMA page_count")).scalar_one()
    session.execute(text(f"PRAGMA max_page_count={pages}"))
    session.add(Job(spec=TrainingSpec(), name="x" * 100_000))

    with pytest.raises(OperationalError) as refused:
        session.commit()

    assert is_disk_full(refused.value)


@pytest.mark.parametrize(
    ("words", "is_full"),
    [
        ("could not extend file: No space left on device", True),
        ("Disk quota exceeded", True),
        ("database is locked", False),
        ("no such table: disk", False),
    ],
)
def test_other_databases_say_it_in_other_words(words: str, *, is_full: bool) -> None:
    assert is_disk_full(OperationalError("INSERT", {}, Exception(words))) is is_full


def test_another_failure_is_no_full_disk(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(OperationalError) as refused:
        connection.execute(text("SELECT * FROM nowhere"))

    assert not is_disk_full(refused.value)


def test_the_reserve_takes_real_room_and_gives_it_up(tmp_path: Path) -> None:
    assert keep_reserve(tmp_path)

    lain = reserve(tmp_path).stat()
    assert lain.st_size == RESERVE_BYTES
    assert lain.st_blocks * 512 >= RESERVE_BYTES

    give_up_reserve(tmp_path)
    give_up_reserve(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_reserve_that_lies_there_is_left_alone(tmp_path: Path) -> None:
    keep_reserve(tmp_path)
    before = reserve(tmp_path).stat()

    assert keep_reserve(tmp_path)

    assert reserve(tmp_path).stat().st_mtime_ns == before.st_mtime_ns


def test_a_reserve_that_was_cut_short_is_laid_down_anew(tmp_path: Path) -> None:
    reserve(tmp_path).write_bytes(b"short")

    assert keep_reserve(tmp_path)

    assert reserve(tmp_path).stat().st_size == RESERVE_BYTES


def test_the_last_room_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearly_full = SimpleNamespace(free=2 * RESERVE_BYTES - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: nearly_full)

    assert not keep_reserve(tmp_path)

    assert free_bytes(tmp_path) == nearly_full.free
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_takes_no_file_has_no_reserve(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert not keep_reserve(tmp_path / "missing")

    assert "no reserve of disk space" in caplog.text
