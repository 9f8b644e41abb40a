"""How a client names a version: `digits@champion`, `digits@3`, `digits`: the newest."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import AliasNotFound, VersionNotFound
from app.models import ModelAlias, ModelVersion
from app.registry.models import get_model


@dataclass(frozen=True)
class ModelReference:
    """A model, and which of its versions: by number, by alias, or the newest."""

    name: str
    version: int | None = None
    alias: str | None = None

    @classmethod
    def read(cls, text: str) -> "ModelReference":
        name, _at, which = text.partition("@")
        if which.isascii() and which.isdigit():
            return cls(name, version=int(which))
        return cls(name, alias=which or None)


@dataclass(frozen=True)
class Named:
    """The version that a reference names now."""

    name: str
    version: int
    alias: str | None
    checkpoint_id: UUID


def resolve_reference(session: Session, reference: ModelReference) -> Named:
    """Return the version that is named.

    Raises:
        ModelNotFound: There is no such model.
        AliasNotFound: It has no such alias.
        VersionNotFound: It has no such version, or none at all.
    """
    name = get_model(session, reference.name).name
    of_model = select(ModelVersion).where(col(ModelVersion.model_name) == name)
    number = reference.version
    if reference.alias is not None:
        number = version_of_alias(session, name, reference.alias)
    if number is not None:
        of_model = of_model.where(col(ModelVersion.number) == number)
    newest = of_model.order_by(col(ModelVersion.number).desc()).limit(1)
    found = session.exec(newest).one_or_none()
    if found is None:
        missing = "no version yet" if number is None else f"no version {number}"
        raise VersionNotFound(f"The model {name!r} has {missing}.")
    return Named(name, found.number, reference.alias, found.checkpoint_id)


def version_of_alias(session: Session, name: str, alias: str) -> int:
    found = session.get(ModelAlias, (name, alias))
    if found is None or found.version is None:
        raise AliasNotFound(f"The model {name!r} has no alias {alias!r}.")
    return found.version
