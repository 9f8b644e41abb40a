"""A row in every table there is, so that none is forgotten when something is copied."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Engine, Enum, Row, TypeDecorator, insert, select

from app.database.copying import plain, tables

MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
VALUES: dict[type, Any] = {
    bool: True,
    bytes: b"\x00\xff",
    date: MOMENT.date(),
    datetime: MOMENT,
    float: 0.1,
    int: 2**31 - 1,
    object: {"größe": [1, None]},  # JSON
    str: "ü",
    UUID: UUID(int=7),
}


def fill_every_table(engine: Engine) -> None:
    """Write a row with a value in every column, straight into the tables."""
    with engine.begin() as connection:
        for table in tables():
            row = {column.name: value_for(column) for column in table.columns}
            connection.execute(insert(plain(table)).values(row))


def plain_rows(engine: Engine) -> dict[str, list[Row[Any]]]:
    """Read the whole database without making anything of its JSON."""
    with engine.connect() as connection:
        return {
            table.name: list(connection.execute(select(plain(table))))
            for table in tables()
        }


def value_for(column: Column[Any]) -> Any:
    """Return a value; all rows have the same id, so that each reference holds."""
    if isinstance(column.type, Enum):
        return column.type.enums[0]
    kind = column.type
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return VALUES[kind.python_type]
