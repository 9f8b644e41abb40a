"""Each SQLite connection is safe for several processes; each write waits its turn."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Timer
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.database.engine import open_database, read_session, write_session
from app.database.sqlite import (
    is_wal_safe,
    journal_mode,
    set_journal_mode,
    sqlite_driver,
)
from app.models import Job, JobEvent
from app.spec import TrainingSpec

THREADS = 4
STEPS = 25


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Give a file with a rollback journal that another connection is writing."""
    path = tmp_path / "busy.sqlite3"
    driver = sqlite_driver()
    with closing(driver.connect(path, check_same_thread=False)) as other:
        other.execute("CREATE TABLE t (x)")
        other.execute("BEGIN IMMEDIATE")
        release = Timer(0.2, other.rollback)
        release.start()
        yield path
        release.join()


def add_one(engine: Engine, job_id: UUID) -> None:
    with write_session(engine) as session:
        job = session.get_one(Job, job_id)
        job.epoch += 1
        session.add(job)
        session.commit()


def add_many(engine: Engine, job_id: UUID) -> None:
    for _ in range(STEPS):
        add_one(engine, job_id)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", journal_mode(sqlite_driver().sqlite_version_info).lower()),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("page_size", 8192),
        ("auto_vacuum", 2),
        ("busy_timeout", 15_000),
        ("mmap_size", 0),
        ("journal_size_limit", 64 * 1024 * 1024),
    ],
)
def test_a_connection_has_its_pragmas(
    engine: Engine, pragma: str, value: str | int
) -> None:
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


def test_a_row_must_belong_to_a_job(session: Session) -> None:
    session.add(JobEvent(job_id=uuid4(), number=1, kind="queued", attempt=0))

    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        session.commit()


@pytest.mark.parametrize(
    "version",
    [(3, 40, 1), (3, 44, 5), (3, 45, 9), (3, 46, 1), (3, 50, 6), (3, 51, 2)],
)
def test_a_library_with_the_reset_bug_may_not_use_wal(version: tuple[int, ...]) -> None:
    assert not is_wal_safe(version)


@pytest.mark.parametrize(
    "version",
    [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 52, 0), (4, 0, 0)],
)
def test_a_library_without_the_reset_bug_may_use_wal(version: tuple[int, ...]) -> None:
    assert is_wal_safe(version)


def test_an_unsafe_library_gets_a_rollback_journal_and_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert journal_mode((3, 46, 1)) == "TRUNCATE"
    assert "SQLite 3.46.1 is not safe with WAL" in caplog.text


def test_a_safe_library_gets_wal_without_a_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)

    assert journal_mode((3, 51, 3)) == "WAL"
    assert caplog.records == []


def test_pythons_own_library_serves_where_there_is_no_wheel() -> None:
    hide = "import sys; sys.modules['pysqlite3'] = None"
    show = "from app.database.sqlite import sqlite_driver; print(sqlite_driver())"

    output = subprocess.check_output([sys.executable, "-c", f"{hide}; {show}"])

    assert output.startswith(b"<module 'sqlite3' ")


def test_opening_waits_for_a_writer_before_it_sets_the_journal(path: Path) -> None:
    engine = open_database(f"sqlite:///{path}")

    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM t")).scalar_one() == 0
    engine.dispose()


def test_the_wait_for_the_journal_ends(path: Path) -> None:
    driver = sqlite_driver()
    with closing(driver.connect(path)) as connection:
        cursor = connection.cursor()

        with pytest.raises(driver.OperationalError, match="locked"):
            set_journal_mode(cursor, "WAL", patience_seconds=0)


def test_no_update_is_lost_between_writers(engine: Engine) -> None:
    job = Job(spec=TrainingSpec())
    with write_session(engine) as session:
        session.add(job)
        session.commit()

    with ThreadPoolExecutor(THREADS) as pool:
        done = [pool.submit(add_many, engine, job.id) for _ in range(THREADS)]

    assert [future.result() for future in done] == [None] * THREADS
    with read_session(engine) as session:
        assert session.get_one(Job, job.id).epoch == THREADS * STEPS


def test_a_reader_does_not_wait_for_an_open_write(engine: Engine) -> None:
    with write_session(engine) as writer, read_session(engine) as reader:
        writer.add(Job(spec=TrainingSpec()))
        writer.flush()

        assert reader.exec(select(Job)).all() == []


def test_a_reader_sees_one_moment(engine: Engine) -> None:
    with write_session(engine) as writer, read_session(engine) as reader:
        before = reader.exec(select(Job)).all()
        writer.add(Job(spec=TrainingSpec()))
        writer.commit()

        assert reader.exec(select(Job)).all() == before == []
