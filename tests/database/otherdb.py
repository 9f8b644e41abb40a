"""SQLite under another name: a database that must get nothing meant for SQLite."""

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

URL = "otherdb://"


class OtherDialect(SQLiteDialect_pysqlite):
    """Works like SQLite and says that it is something else."""

    name = "otherdb"
    supports_statement_cache = True


registry.register("otherdb", __name__, "OtherDialect")
