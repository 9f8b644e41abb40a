"""SQLite for several processes: a safe library, its pragmas, immediate writes.

The library decides the journal: releases before 3.51.3 (but for the back-ports
3.50.7 and 3.44.6) can lose commits in WAL mode when several processes write
(https://sqlite.org/wal.html#walresetbug), so they get a rollback journal.
"""

import logging
import time
from types import ModuleType
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, event

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
    from sqlalchemy.pool import ConnectionPoolEntry

try:
    from pysqlite3 import dbapi2 as driver
except ImportError:  # no wheel for this platform: Python's own library
    import sqlite3 as driver  # noqa: TID251  # the one place that chooses

logger = logging.getLogger(__name__)

READ_ONLY = "modelmill_read_only"
BUSY_MILLISECONDS = 15_000
BUSY_POLL_SECONDS = 0.01
PAGE_BYTES = 8192  # fastest for rows of megabytes
LARGEST_IDLE_WAL_BYTES = 64 * 1024 * 1024


def sqlite_driver() -> ModuleType:
    module: ModuleType = driver
    return module


def is_wal_safe(version: tuple[int, ...]) -> bool:
    """Say whether a library of this version may use WAL from several processes."""
    if version[:2] == (3, 50):
        return version >= (3, 50, 7)
    if version[:2] == (3, 44):
        return version >= (3, 44, 6)
    return version >= (3, 51, 3)


def journal_mode(version: tuple[int, ...]) -> str:
    if is_wal_safe(version):
        return "WAL"
    logger.warning(
        "SQLite %s is not safe with WAL; using a rollback journal, which is slower",
        ".".join(map(str, version)),
    )
    return "TRUNCATE"


def configure_sqlite(engine: Engine) -> None:
    """Set pragmas on each connection and open each transaction explicitly."""
    journal = journal_mode(driver.sqlite_version_info)

    @event.listens_for(engine, "connect")
    def set_pragmas(
        connection: "DBAPIConnection", _record: "ConnectionPoolEntry"
    ) -> None:
        # The driver's own BEGIN comes too late: it loses updates (docs/decisions).
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            f"page_size={PAGE_BYTES}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "mmap_size=0",
            f"journal_size_limit={LARGEST_IDLE_WAL_BYTES}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        # Setting it takes the write lock, so it is set in a new file and left alone.
        if cursor.execute("PRAGMA auto_vacuum").fetchone() == (0,):
            cursor.execute("PRAGMA auto_vacuum=INCREMENTAL")
        set_journal_mode(cursor, journal, BUSY_MILLISECONDS / 1000)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get(READ_ONLY, False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def set_journal_mode(cursor: "DBAPICursor", mode: str, patience_seconds: float) -> None:
    """Ask again while another connection holds the file: SQLite does not wait here."""
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            cursor.execute(f"PRAGMA journal_mode={mode}")
        except driver.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(BUSY_POLL_SECONDS)
        else:
            return
