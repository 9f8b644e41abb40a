"""One engine per process, one short session per unit of work."""

from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, create_engine

from app.database.sqlite import READ_ONLY, configure_sqlite, sqlite_driver
from app.errors import DatabaseRefused

MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str) -> Engine:
    """Return an engine for url; nothing is created or changed yet."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
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
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DatabaseError as error:
        name = engine.url.render_as_string(hide_password=True)
        message = f"Cannot use the database {name}: {error.orig}"
        raise DatabaseRefused(message) from error


def write_session(engine: Engine) -> Session:
    """Open a session whose transactions take the write lock at once."""
    return Session(engine, expire_on_commit=False)


def read_session(engine: Engine) -> Session:
    """Open a session that never waits for a writer and must not write."""
    return Session(
        engine.execution_options(**{READ_ONLY: True}), expire_on_commit=False
    )


def is_writable(engine: Engine) -> bool:
    """Say whether the database takes a write now, without changing anything."""
    try:
        with closing(write_session(engine)) as session:
            session.connection()
    except DatabaseError:
        return False
    return True
