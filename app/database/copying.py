"""A whole installation from one database to another, compared afterwards."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Enum,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    func,
    insert,
    select,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

# With app.models, all that have tables: one that is not known would not be copied.
from app import audit_models as audit_models
from app import webhook_models as webhook_models
from app.database.engine import READING, demand_file, migrate
from app.database.revisions import revision
from app.errors import DatabaseRefused
from app.models import ModelJson

ROWS_AT_ONCE = 1000
LARGE_ROWS_AT_ONCE = 8  # a checkpoint's weights are megabytes


@dataclass(frozen=True)
class CopiedTable:
    """A table whose rows are the same in both databases."""

    name: str
    rows: int
    digest: str


def copy_database(source: Engine, target: Engine) -> list[CopiedTable]:
    """Copy every row into an empty database, and compare both by digest.

    The source is read as of one moment, and may be in use. The target gets all rows or,
    on any failure, none.

    Raises:
        DatabaseRefused: The source is not there or of another release, the target is
            not empty, or what was written is not what was read.
    """
    demand_file(source)
    demand_same_release(source, target)
    reading = source.execution_options(**READING.get(source.dialect.name, {}))
    with reading.connect() as old, target.begin() as new:
        return [copy_table(plain(table), old, new) for table in tables()]


def tables() -> list[Table]:
    """Return the tables in an order in which each finds what it refers to."""
    return SQLModel.metadata.sorted_tables


def demand_same_release(source: Engine, target: Engine) -> None:
    """Bring the target's schema up to date, and hold the source against it."""
    if revision(source) is None:
        raise DatabaseRefused(f"There is nothing of Modelmill in {named(source)}.")
    migrate(target)
    if revision(source) != revision(target):
        raise DatabaseRefused(
            f"The database {named(source)} is of another release. Start this release's "
            "service on it once, which brings it up to date, and stop it again."
        )


def named(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def plain(table: Table) -> Table:
    """Return a table whose values are taken as they are, and not made anew."""
    columns = [
        Column(column.name, plain_type(column.type), primary_key=column.primary_key)
        for column in table.columns
    ]
    return Table(table.name, MetaData(), *columns)


def plain_type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    if isinstance(kind, ModelJson):
        return JSON(none_as_null=True)
    return String() if isinstance(kind, Enum) else kind


def copy_table(table: Table, source: Connection, target: Connection) -> CopiedTable:
    if target.scalar(select(func.count()).select_from(table)):
        raise DatabaseRefused(
            f"The database {named(target.engine)} has rows in its table {table.name}; "
            "copy into an empty one."
        )
    for rows in batches(table, source):
        target.execute(insert(table), [dict(row._mapping) for row in rows])
    read, written = summary(table, source), summary(table, target)
    if read != written:
        raise DatabaseRefused(
            f"The copy of table {table.name} differs: {written.rows} of {read.rows} "
            "rows, or other values. Nothing was kept of it."
        )
    return read


def batches(table: Table, connection: Connection) -> Iterator[list[Row[Any]]]:
    large = any(isinstance(column.type, LargeBinary) for column in table.columns)
    size = LARGE_ROWS_AT_ONCE if large else ROWS_AT_ONCE
    found = connection.execute(select(table).execution_options(yield_per=size))
    for rows in found.partitions():
        yield list(rows)


def summary(table: Table, connection: Connection) -> CopiedTable:
    """Add up the digests of all rows, since databases sort text differently."""
    count, total = 0, 0
    for rows in batches(table, connection):
        count += len(rows)
        total += sum(int.from_bytes(digest(row)) for row in rows)
    return CopiedTable(table.name, count, f"{total % 2**256:064x}")


def digest(row: Row[Any]) -> bytes:
    found = hashlib.sha256()
    for value in row:
        data = value if isinstance(value, bytes) else repr(value).encode()
        found.update(f"{type(value).__name__} {len(data)} ".encode())
        found.update(data)
    return found.digest()
