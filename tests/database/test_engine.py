"""A database is opened by URL, brought up to date by anyone, and refused by name."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.dialects import registry
from sqlmodel import SQLModel

from app.database.engine import MIGRATIONS, is_writable, migrate, open_database
from app.errors import DatabaseRefused

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
    # SQLite under another name: what matters is that it gets no pragmas of ours.
    registry.register(
        "otherdb", "sqlalchemy.dialects.sqlite.pysqlite", "SQLiteDialect_pysqlite"
    )
    engine = open_database("otherdb://")

    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 0
    engine.dispose()


def test_the_migrated_schema_is_that_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        schema = text("SELECT name, sql FROM sqlite_schema")
        before = connection.execute(schema).all()
        connection.rollback()
        migrate(engine)

        assert connection.execute(schema).all() == before


def test_several_may_migrate_a_new_database_at_once(url: str) -> None:
    barrier = Barrier(TOGETHER)
    with ThreadPoolExecutor(TOGETHER) as pool:
        done = [pool.submit(migrate_together, url, barrier) for _ in range(TOGETHER)]

    assert [future.result() for future in done] == [None] * TOGETHER


def test_the_first_release_can_be_taken_back(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    assert inspect(engine).get_table_names() == ["alembic_version"]


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
