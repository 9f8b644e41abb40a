"""An alias moves by compare-and-set, and its history keeps every move."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import registry
from app.database.engine import write_session
from app.errors import AliasMoved, AliasNotFound, VersionNotFound
from app.models import ModelAlias
from app.registry import Expected


def version_of(session: Session, name: str) -> list[tuple[str, int | None]]:
    return [(one.alias, one.version) for one in registry.list_aliases(session, name)]


def test_an_alias_points_where_it_was_set(session: Session, digits: str) -> None:
    registry.move_alias(session, digits, "champion", 1)
    registry.move_alias(session, digits, "candidate", 2, Expected(0))

    assert version_of(session, digits) == [("candidate", 2), ("champion", 1)]


def test_only_who_knows_where_it_points_moves_it(session: Session, digits: str) -> None:
    registry.move_alias(session, digits, "champion", 1, Expected(0))

    with pytest.raises(AliasMoved, match="points at version 1"):
        registry.move_alias(session, digits, "champion", 2, Expected(0))
    with pytest.raises(AliasMoved, match="points at version 1"):
        registry.move_alias(session, digits, "champion", 2, Expected(2))
    registry.move_alias(session, digits, "champion", 2, Expected(1))

    assert version_of(session, digits) == [("champion", 2)]


def test_an_alias_that_is_not_there_points_at_nothing(
    session: Session, digits: str
) -> None:
    with pytest.raises(AliasMoved, match="points at nothing"):
        registry.move_alias(session, digits, "champion", 2, Expected(1))

    assert version_of(session, digits) == []
    assert registry.list_changes(session, digits) == []


def test_an_alias_points_at_versions_that_are_there(
    session: Session, digits: str
) -> None:
    with pytest.raises(VersionNotFound):
        registry.move_alias(session, digits, "champion", 3)


def test_a_removed_alias_keeps_its_history_and_counts_on(
    session: Session, digits: str
) -> None:
    registry.move_alias(session, digits, "champion", 1)
    registry.remove_alias(session, digits, "champion", Expected(1))
    registry.move_alias(session, digits, "champion", 2, Expected(0))

    changes = registry.list_changes(session, digits)

    moves = [(change.number, change.version) for change in changes]
    assert moves == [(3, 2), (2, None), (1, 1)]


def test_what_points_at_nothing_is_not_removed(session: Session, digits: str) -> None:
    with pytest.raises(AliasNotFound):
        registry.remove_alias(session, digits, "champion")


def test_an_alias_is_removed_only_where_it_is_supposed(
    session: Session, digits: str
) -> None:
    registry.move_alias(session, digits, "champion", 1)

    with pytest.raises(AliasMoved):
        registry.remove_alias(session, digits, "champion", Expected(2))

    assert version_of(session, digits) == [("champion", 1)]


def test_of_two_who_saw_the_same_one_moves_it(engine: Engine, digits: str) -> None:
    with write_session(engine) as one:
        registry.move_alias(one, digits, "champion", 1, Expected(0))
    with write_session(engine) as other:
        seen = other.get_one(ModelAlias, (digits, "champion")).version
        other.commit()
        with write_session(engine) as one:
            registry.move_alias(one, digits, "champion", 2, Expected(seen))

        with pytest.raises(AliasMoved, match="points at version 2"):
            registry.move_alias(other, digits, "champion", 2, Expected(seen))


def test_a_version_that_vanishes_meanwhile_is_a_conflict(
    engine: Engine, session: Session, digits: str
) -> None:
    seen = registry.list_versions(session, digits)
    session.commit()
    with write_session(engine) as other:
        registry.delete_version(other, digits, 2)

    with pytest.raises(AliasMoved):
        registry.move_alias(session, digits, "champion", seen[0].number)
