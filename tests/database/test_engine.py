"""A database is opened by URL, brought up to date by anyone, and refused by name."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from app.database.engine import demand_integrity, is_writable, migrate, open_database
from app.database.sqlite import PAGE_BYTES
from app.errors import DatabaseRefused
from app.models import Job
from app.spec import TrainingSpec
from tests.database.otherdb import URL

TOGETHER = 4


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new.sqlite3'}"


@pytest.fixture
def garbage(tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "garbage.sqlite3"
    path.write_bytes(b"certainly not a database\n" * 100)
    engine = open_database(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def nowhere(tmp_path: Path) -> Engine:
    return open_database(f"sqlite:///{tmp_path / 'missing' / 'new.sqlite3'}")


def migrate_together(url: str, barrier: Barrier) -> None:
    engine = open_database(url)
    barrier.wait()
    migrate(engine)
    engine.dispose()


def test_opening_creates_nothing(url: str, tmp_path: Path) -> None:
    open_database(url)

    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_not_sqlite_is_left_to_its_driver() -> None:
    engine = open_database(URL)

    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 0
    engine.dispose()


def test_several_may_migrate_a_new_database_at_once(url: str) -> None:
    barrier = Barrier(TOGETHER)
    with ThreadPoolExecutor(TOGETHER) as pool:
        done = [pool.submit(migrate_together, url, barrier) for _ in range(TOGETHER)]

    assert [future.result() for future in done] == [None] * TOGETHER


def test_a_file_that_is_no_database_is_refused_in_one_line(garbage: Engine) -> None:
    with pytest.raises(DatabaseRefused) as refused:
        migrate(garbage)

    assert str(refused.value) == (
        f"Cannot use the database {garbage.url}: file is not a database"
    )


def test_a_missing_directory_is_refused_in_one_line(nowhere: Engine) -> None:
    with pytest.raises(DatabaseRefused) as refused:
        migrate(nowhere)

    assert str(refused.value) == (
        f"Cannot use the database {nowhere.url}: unable to open database file"
    )


def test_a_database_in_use_is_writable(engine: Engine) -> None:
    assert is_writable(engine)
    assert is_writable(engine)  # the first question left no lock behind


def test_a_database_that_takes_no_write_says_so(
    nowhere: Engine, garbage: Engine
) -> None:
    assert not is_writable(nowhere)
    assert not is_writable(garbage)


def damage(path: Path) -> None:
    """Overwrite all but the first pages of the file."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4 * PAGE_BYTES)
        file.write(b"\xa5" * (size - 4 * PAGE_BYTES))


def test_a_whole_database_passes(engine: Engine, session: Session) -> None:
    session.add(Job(spec=TrainingSpec()))
    session.commit()

    demand_integrity(engine)


def test_a_damaged_database_is_refused_with_a_way_out(engine: Engine) -> None:
    engine.dispose()
    path = Path(engine.url.database or "")
    damage(path)

    with pytest.raises(DatabaseRefused) as refused:
        demand_integrity(engine)

    message = str(refused.value)
    assert message.startswith(f"The database {path} is damaged (")
    assert "Restore a backup in its place; `modelmill db backup` makes one." in message


def test_a_file_that_is_no_database_is_damaged(garbage: Engine) -> None:
    with pytest.raises(DatabaseRefused, match="file is not a database"):
        demand_integrity(garbage)


def test_another_database_watches_itself() -> None:
    demand_integrity(open_database("otherdb:////nowhere/at/all"))
