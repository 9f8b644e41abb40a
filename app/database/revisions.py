"""Which schema a database has, and which this release brings."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from app.database.engine import MIGRATIONS, read_session


def revision(engine: Engine) -> str | None:
    """Return a database's schema by name; None where there is none of ours."""
    with read_session(engine) as session:
        connection = session.connection()
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
