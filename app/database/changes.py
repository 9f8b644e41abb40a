"""Whether anything was committed since one last looked, at almost no price."""

from sqlalchemy import Engine, PoolProxiedConnection

from app.database.sqlite import sqlite_driver


class Changes:
    """A number that is another after every commit of anyone else.

    SQLite counts commits for the asking, in microseconds and without waiting, so this
    may stand on an event loop. Of other databases nothing is known.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: PoolProxiedConnection | None = None

    def number(self) -> int | None:
        """Return the number, or None where it cannot be told at once."""
        if self._engine.dialect.name != "sqlite":
            return None
        try:
            if self._connection is None:
                self._connection = self._connect()
            cursor = self._connection.cursor()
            cursor.execute("PRAGMA data_version")
            [number] = cursor.fetchone() or (None,)
        except sqlite_driver().Error:
            return None
        return number

    def _connect(self) -> PoolProxiedConnection:
        connection = self._engine.raw_connection()
        connection.detach()  # it counts the commits of all others, so it stays
        connection.cursor().execute("PRAGMA busy_timeout=0")
        return connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
