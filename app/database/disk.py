"""Room on the database's disk: how much is left, and a reserve for the last words.

On a full disk SQLite cannot even delete, so a file of a few megabytes lies beside the
database; given up, it leaves room to store why a job failed and to free the rest.
"""

import logging
import shutil
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

logger = logging.getLogger(__name__)

RESERVE_NAME = "reserve"
RESERVE_BYTES = 16 * 1024 * 1024
FULL_WORDS = ("disk is full", "no space left", "disk quota", "could not extend file")


def is_disk_full(error: SQLAlchemyError) -> bool:
    return any(word in str(error).lower() for word in FULL_WORDS)


def keep_reserve(directory: Path) -> bool:
    """Lay the reserve down unless it is there; False while there is no room for it."""
    reserve = directory / RESERVE_NAME
    if reserve.exists() and reserve.stat().st_size == RESERVE_BYTES:
        return True
    try:
        if free_bytes(directory) < 2 * RESERVE_BYTES:
            return False
        with reserve.open("wb") as file:
            file.write(bytes(RESERVE_BYTES))  # not a hole: it must take room
    except OSError as error:  # a quota, or somebody else was faster
        logger.warning("no reserve of disk space in %s: %s", directory, error)
        return False
    return True


def give_up_reserve(directory: Path) -> None:
    (directory / RESERVE_NAME).unlink(missing_ok=True)


def free_bytes(directory: Path) -> int:
    return shutil.disk_usage(directory).free
