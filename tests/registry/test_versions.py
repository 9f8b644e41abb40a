"""Versions count on, whatever becomes of those before."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from app import registry
from app.errors import (
    CheckpointNotFound,
    ModelInUse,
    ModelNotFound,
    VersionNotFound,
)


def test_a_number_is_never_used_again(
    session: Session, digits: str, checkpoint_id: UUID
) -> None:
    registry.delete_version(session, digits, 2)

    added = registry.add_version(session, digits, checkpoint_id)

    numbers = [one.number for one in registry.list_versions(session, digits)]
    assert added.number == 3
    assert numbers == [3, 1]


def test_a_version_of_nothing_is_refused(session: Session, digits: str) -> None:
    with pytest.raises(CheckpointNotFound):
        registry.add_version(session, digits, uuid4())


def test_a_version_of_nobody_is_refused(session: Session, checkpoint_id: UUID) -> None:
    with pytest.raises(ModelNotFound):
        registry.add_version(session, "nobody", checkpoint_id)


def test_a_version_that_an_alias_names_is_not_deleted(
    session: Session, digits: str
) -> None:
    registry.move_alias(session, digits, "champion", 2)

    with pytest.raises(ModelInUse):
        registry.delete_version(session, digits, 2)
    registry.delete_version(session, digits, 1)

    assert [one.number for one in registry.list_versions(session, digits)] == [2]


def test_an_unknown_version_is_not_deleted(session: Session, digits: str) -> None:
    with pytest.raises(VersionNotFound):
        registry.delete_version(session, digits, 3)
