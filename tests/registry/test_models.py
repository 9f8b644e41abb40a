"""A name is taken once, and is not deleted while an alias needs it."""

import pytest
from sqlmodel import Session

from app import registry
from app.errors import ModelExists, ModelInUse, ModelNotFound


def test_models_are_listed_by_name(session: Session) -> None:
    for name in ("letters", "digits"):
        registry.create_model(session, name, None)

    found = [model.name for model in registry.list_models(session)]

    assert found == ["digits", "letters"]


def test_a_name_is_taken_once(session: Session, digits: str) -> None:
    with pytest.raises(ModelExists, match="digits"):
        registry.create_model(session, digits, None)

    assert registry.get_model(session, digits).version_count == 2


def test_a_deleted_model_is_gone_with_its_history(
    session: Session, digits: str
) -> None:
    registry.move_alias(session, digits, "champion", 1)
    registry.remove_alias(session, digits, "champion")

    registry.delete_model(session, digits)

    with pytest.raises(ModelNotFound):
        registry.get_model(session, digits)
    assert registry.list_changes(session, digits) == []
    assert registry.list_versions(session, digits) == []


def test_a_model_that_an_alias_names_stays_whole(session: Session, digits: str) -> None:
    registry.move_alias(session, digits, "champion", 1)

    with pytest.raises(ModelInUse):
        registry.delete_model(session, digits)

    assert len(registry.list_versions(session, digits)) == 2
    assert len(registry.list_changes(session, digits)) == 1


def test_an_unknown_model_is_not_deleted(session: Session) -> None:
    with pytest.raises(ModelNotFound):
        registry.delete_model(session, "nobody")
