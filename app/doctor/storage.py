"""The database and the disk that it lies on."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.database.disk import free_bytes
from app.database.engine import demand_file, demand_integrity, is_writable
from app.database.revisions import newest_revision, revision
from app.doctor.finding import Finding, failure, ok, warning
from app.errors import DatabaseRefused
from app.settings import MEBIBYTE, Settings

DATABASE, DISK = "database", "disk"
MOUNTS = Path("/proc/mounts")
# SQLite's log is in memory that processes share, which no network brings along.
NETWORK_FILE_SYSTEMS = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "ceph", "gluster")
ROOMY = 4


def examine_database(engine: Engine) -> Finding:
    name = engine.url.render_as_string(hide_password=True)
    try:
        demand_file(engine)
        found, newest = revision(engine), newest_revision()
        if found != newest:
            return failure(
                DATABASE,
                f"{name} has the schema {found}, and this release has {newest}.",
                "Start the service, which brings it up to date; a newer schema needs a "
                "newer release.",
            )
        demand_integrity(engine)
    except (DatabaseRefused, SQLAlchemyError) as error:
        reason = str(getattr(error, "orig", None) or error).strip()
        return failure(
            DATABASE,
            f"{name} cannot be used: {reason}",
            "Start the service once to make one, check MODELMILL_DATABASE_URL and "
            "MODELMILL_DATA_DIR, or restore a backup.",
        )
    if not is_writable(engine):
        return failure(
            DATABASE,
            f"{name} takes no write now.",
            "See who holds its lock, and whether this user may write there.",
        )
    return ok(DATABASE, f"{name}: whole, writable, schema {found}.")


def examine_disk(settings: Settings, mounts: Path = MOUNTS) -> Iterator[Finding]:
    directory = settings.data_dir.absolute()
    if not directory.is_dir():
        yield failure(
            DISK,
            f"There is no data directory {directory}.",
            "Start the service once, or set MODELMILL_DATA_DIR.",
        )
        return
    free, needed = free_bytes(directory), settings.min_free_bytes
    room = f"{free // MEBIBYTE} MiB are free in {directory}"
    remedy = (
        "Delete jobs that are not needed, or set MODELMILL_CHECKPOINT_BUDGET_BYTES."
    )
    if free < needed:
        refusal = f"{room}; below {needed // MEBIBYTE} MiB new jobs are refused."
        yield failure(DISK, refusal, remedy)
    elif free < ROOMY * needed:
        yield warning(DISK, f"{room}, which will not last long.", remedy)
    else:
        yield ok(DISK, f"{room}.")
    kind = file_system_of(directory, mounts)
    if settings.database_url is None and kind.startswith(NETWORK_FILE_SYSTEMS):
        yield failure(
            DISK,
            f"{directory} is on a network file system ({kind}): SQLite loses data.",
            "Use a local disk, or PostgreSQL by MODELMILL_DATABASE_URL.",
        )


def file_system_of(directory: Path, mounts: Path) -> str:
    """Return the kind of file system that a directory is on; empty if unknown."""
    if not mounts.is_file():
        return ""
    lines = [line.split() for line in mounts.read_text().splitlines()]
    kinds = {Path(fields[1]): fields[2] for fields in lines}
    return next(
        (kinds[at] for at in (directory, *directory.parents) if at in kinds), ""
    )
