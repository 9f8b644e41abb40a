"""Words that point at one version at a time, and where each has pointed before.

An alias is never deleted with its model there: taken away, it points at nothing, so
that its history goes on counting.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, insert, literal, update
from sqlalchemy import select as select_columns
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import (
    AliasMoved,
    AliasNotFound,
    PreconditionFailed,
    VersionNotFound,
)
from app.models import AliasChange, ModelAlias, ModelVersion
from app.registry.models import get_model

MOST_LISTED = 1000
MOST_CHANGES = 100


@dataclass(frozen=True)
class Expected:
    """How an alias has to be before it is moved; None: it does not matter.

    Version 0 stands for an alias that points at nothing.
    """

    version: int | None = None
    moves: Set[int] | None = None

    def holds(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.version is not None:
            version = self.version or None
            found.append(col(ModelAlias.version).is_not_distinct_from(version))
        if self.moves is not None:
            found.append(col(ModelAlias.change_count).in_(self.moves))
        return found


ANYHOW = Expected()


def move_alias(
    session: Session,
    name: str,
    alias: str,
    version: int,
    expected: Expected = ANYHOW,
) -> AliasChange:
    """Point an alias at a version, if it is as expected.

    Raises:
        ModelNotFound: There is no such model.
        VersionNotFound: It has no such version.
        AliasMoved: The alias points elsewhere.
        PreconditionFailed: It was moved another number of times.
    """
    get_model(session, name)
    if session.get(ModelVersion, (name, version)) is None:
        raise VersionNotFound(f"The model {name!r} has no version {version}.")
    try:
        make_sure_of(session, name, alias)
        change = point(session, (name, alias), version, expected)
        session.commit()
    except IntegrityError as error:  # another made it, or deleted the version, just now
        session.rollback()
        raise AliasMoved from error
    return change


def remove_alias(
    session: Session, name: str, alias: str, expected: Expected = ANYHOW
) -> None:
    """Let an alias point at nothing.

    Raises:
        ModelNotFound: There is no such model.
        AliasNotFound: It points at nothing.
        AliasMoved: It points elsewhere than expected.
        PreconditionFailed: It was moved another number of times.
    """
    get_model(session, name)
    found = session.get(ModelAlias, (name, alias), populate_existing=True)
    if found is None or found.version is None:
        raise AliasNotFound(f"The model {name!r} has no alias {alias!r}.")
    point(session, (name, alias), None, expected)
    session.commit()


def make_sure_of(session: Session, name: str, alias: str) -> None:
    this = [col(ModelAlias.model_name) == name, col(ModelAlias.alias) == alias]
    columns = ["model_name", "alias", "change_count"]
    new = select_columns(literal(name), literal(alias), literal(0)).where(
        ~exists().where(*this)
    )
    session.exec(insert(ModelAlias).from_select(columns, new))


def point(
    session: Session,
    place: tuple[str, str],
    version: int | None,
    expected: Expected,
) -> AliasChange:
    """Compare and set in one statement, and write the history's next line."""
    name, alias = place
    where: list[ColumnElement[bool]] = [
        col(ModelAlias.model_name) == name,
        col(ModelAlias.alias) == alias,
    ]
    where += expected.holds()
    values: dict[str, Any] = {
        "version": version,
        "change_count": col(ModelAlias.change_count) + 1,
    }
    moved = update(ModelAlias).where(*where).values(**values)
    number = session.exec(
        moved.returning(col(ModelAlias.change_count))
    ).scalar_one_or_none()
    if number is None:
        now_at = session.get(ModelAlias, place, populate_existing=True)
        message = described(alias, now_at)
        session.rollback()
        if expected.moves is not None:
            raise PreconditionFailed(message)
        raise AliasMoved(message)
    change = AliasChange(model_name=name, alias=alias, number=number, version=version)
    session.add(change)
    return change


def described(alias: str, found: ModelAlias | None) -> str:
    if found is None or found.version is None:
        return f"The alias {alias!r} points at nothing."
    return f"The alias {alias!r} points at version {found.version}."


def list_aliases(session: Session, name: str) -> list[ModelAlias]:
    """Return a model's aliases that point at a version, by name."""
    of_model = select(ModelAlias).where(
        col(ModelAlias.model_name) == name, col(ModelAlias.version).is_not(None)
    )
    return list(
        session.exec(of_model.order_by(col(ModelAlias.alias)).limit(MOST_LISTED))
    )


def list_changes(session: Session, name: str) -> list[AliasChange]:
    """Return where a model's aliases went, the newest moves first."""
    of_model = select(AliasChange).where(col(AliasChange.model_name) == name)
    order = (
        col(AliasChange.created_at).desc(),
        col(AliasChange.alias),
        col(AliasChange.number).desc(),
    )
    return list(session.exec(of_model.order_by(*order).limit(MOST_CHANGES)))
