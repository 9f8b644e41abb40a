"""The first start makes a key, so that nobody else can be there before its owner."""

import logging
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from app.database.engine import read_session, write_session
from app.key_file import write_key_file
from app.keys.scope import Scope
from app.keys.secret import digest, new_key
from app.models import ApiKey

logger = logging.getLogger(__name__)

FIRST_ID = "first"  # there is one, whichever process makes it


def demand_first_key(engine: Engine, data_dir: Path) -> None:
    """Make an admin key unless there ever was a key; show it, and leave it in a file.

    The file is for the commands on this machine and can be read by its owner only. It
    can be deleted once the key is kept elsewhere.
    """
    with read_session(engine) as session:
        if session.exec(select(ApiKey.id).limit(1)).first() is not None:
            return
    key = new_key(FIRST_ID)
    row = ApiKey(
        id=FIRST_ID, name="first start", scopes=[Scope.ADMIN], digest=digest(key)
    )
    try:
        with write_session(engine) as session:
            session.add(row)
            session.commit()
    except IntegrityError:
        return  # another process of this service was faster
    where = write_key_file(data_dir, key)
    logger.warning(
        "First start. The admin key, shown this once: %s\nIt is kept in %s for the "
        "commands on this machine; make others with `modelmill keys create`.",
        key,
        where,
    )
