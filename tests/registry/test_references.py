"""A version has many names, and each leads to the same checkpoint."""

import pytest
from sqlmodel import Session

from app import registry
from app.errors import AliasNotFound, ModelNotFound, VersionNotFound
from app.registry import ModelReference


def named(session: Session, text: str) -> int:
    return registry.resolve_reference(session, ModelReference.read(text)).version


@pytest.mark.parametrize(
    ("text", "version"),
    [("digits", 2), ("digits@", 2), ("digits@1", 1), ("digits@champion", 1)],
)
def test_a_version_has_many_names(
    session: Session, digits: str, text: str, version: int
) -> None:
    registry.move_alias(session, digits, "champion", 1)

    assert named(session, text) == version


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("nobody", ModelNotFound),
        ("", ModelNotFound),
        ("digits@7", VersionNotFound),
        ("digits@0", VersionNotFound),
        ("digits@nobody", AliasNotFound),
        ("digits@champion@1", AliasNotFound),
        ("digits@²", AliasNotFound),
    ],
)
def test_what_names_nothing_is_not_found(
    session: Session, digits: str, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        named(session, text)


def test_a_removed_alias_names_nothing(session: Session, digits: str) -> None:
    registry.move_alias(session, digits, "champion", 1)
    registry.remove_alias(session, digits, "champion")

    with pytest.raises(AliasNotFound):
        named(session, "digits@champion")


def test_a_model_without_a_version_says_so(session: Session) -> None:
    registry.create_model(session, "empty", None)

    with pytest.raises(VersionNotFound, match="no version yet"):
        named(session, "empty")
