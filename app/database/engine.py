"""One engine per process, one short session per unit of work."""

import os
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, func, make_url, select, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, create_engine

from app.database.postgresql import connect_arguments
from app.database.sqlite import READ_ONLY, configure_sqlite, sqlite_driver
from app.errors import DatabaseRefused

# SQLite's transactions read of one moment by themselves, those of PostgreSQL if asked.
READING: dict[str, dict[str, Any]] = {
    "sqlite": {READ_ONLY: True},
    "postgresql": {
        "isolation_level": "REPEATABLE READ",
        "postgresql_readonly": True,
    },
}
MIGRATING = 0x6D6F6465  # any number that means this to all of our processes
MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str) -> Engine:
    """Return an engine for url; nothing is created or changed yet."""
    target = make_url(url)
    if target.get_backend_name() == "postgresql":
        arguments = connect_arguments(target)
        return create_engine(target, pool_pre_ping=True, connect_args=arguments)
    if target.get_backend_name() != "sqlite":
        return create_engine(target, pool_pre_ping=True)
    engine = create_engine(
        url, module=sqlite_driver(), connect_args={"check_same_thread": False}
    )
    configure_sqlite(engine)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the schema to this release's; several processes may call it at once.

    Raises:
        DatabaseRefused: The file is not a database, or is not writable.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                # SQLite's own lock is taken with the transaction.
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DatabaseError as error:
        name = engine.url.render_as_string(hide_password=True)
        message = f"Cannot use the database {name}: {error.orig}"
        raise DatabaseRefused(message) from error


def demand_integrity(engine: Engine) -> None:
    """Look the whole SQLite file over; other databases watch themselves.

    Raises:
        DatabaseRefused: It is damaged.
    """
    if engine.dialect.name != "sqlite":
        return
    try:
        with read_session(engine) as session:
            findings = session.execute(text("PRAGMA quick_check(5)")).scalars().all()
    except DatabaseError as error:
        findings = [str(error.orig)]
    if findings != ["ok"]:
        raise DatabaseRefused(
            f"The database {engine.url.database} is damaged ({findings[0]}). Restore a "
            "backup in its place; `modelmill db backup` makes one."
        )


def backup(engine: Engine, target: Path) -> None:
    """Write a consistent copy of a SQLite database while others use it.

    Raises:
        DatabaseRefused: The database is not SQLite or not there, or the copy cannot
            be written.
    """
    if engine.dialect.name != "sqlite":
        raise DatabaseRefused("Only SQLite is backed up here; use pg_dump for others.")
    demand_file(engine)
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        # The driver's own connection: VACUUM does not run inside a transaction.
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM INTO ?", (str(partial),))
        # SQLite leaves the copy to the system's memory; a power cut would empty it.
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    except (sqlite_driver().Error, OSError) as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        message = f"Cannot write the backup {target}: {error}"
        raise DatabaseRefused(message) from error


def demand_file(engine: Engine) -> None:
    """Refuse a SQLite file that is not there: to open it would make an empty one."""
    name = engine.url.database
    if engine.dialect.name == "sqlite" and not Path(name or "").is_file():
        raise DatabaseRefused(f"There is no database {name}.")


def write_session(engine: Engine) -> Session:
    """Open a session whose transactions take the write lock at once."""
    return Session(engine, expire_on_commit=False)


def read_session(engine: Engine) -> Session:
    """Open a session that never waits for a writer and must not write.

    All that it reads until its end is of one moment.
    """
    options = READING.get(engine.dialect.name, {})
    return Session(engine.execution_options(**options), expire_on_commit=False)


def is_writable(engine: Engine) -> bool:
    """Say whether the database takes a write now, without changing anything."""
    try:
        with closing(write_session(engine)) as session:
            session.connection()
    except DatabaseError:
        return False
    return True
