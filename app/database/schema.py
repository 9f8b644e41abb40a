"""Which tables a database has, by the word of its last migration."""

from enum import Enum, auto

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from app.database.engine import MIGRATIONS, read_session


class SchemaState(Enum):
    """How a database's tables compare with this release's."""

    CURRENT = auto()
    OTHER = auto()
    UNKNOWN = auto()


def schema_state(engine: Engine) -> SchemaState:
    """Compare, reading one row; a database that is away is not known."""
    try:
        with read_session(engine) as session:
            context = MigrationContext.configure(session.connection())
            found = context.get_current_heads()
    except DatabaseError:
        return SchemaState.UNKNOWN
    if not found:
        return SchemaState.UNKNOWN
    return SchemaState.CURRENT if found == newest_revisions() else SchemaState.OTHER


def newest_revisions() -> tuple[str, ...]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return tuple(ScriptDirectory.from_config(config).get_heads())
