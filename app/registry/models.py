"""The names themselves: made, listed, deleted."""

from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.errors import ModelExists, ModelInUse, ModelNotFound
from app.models import AliasChange, ModelAlias, ModelVersion, RegisteredModel
from app.tickets import Ticket, keep_ticket

MOST_LISTED = 1000


def create_model(
    session: Session, name: str, description: str | None, ticket: Ticket | None = None
) -> RegisteredModel:
    """Register a name.

    Raises:
        ModelExists: It is taken.
    """
    model = RegisteredModel(name=name, description=description)
    session.add(model)
    keep_ticket(session, ticket, name)
    try:
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise ModelExists(f"There is a model {name!r} already.") from error
    return model


def find_model(session: Session, name: str) -> RegisteredModel | None:
    return session.get(RegisteredModel, name, populate_existing=True)


def get_model(session: Session, name: str) -> RegisteredModel:
    model = find_model(session, name)
    if model is None:
        raise ModelNotFound(f"There is no model {name!r}.")
    return model


def list_models(session: Session) -> list[RegisteredModel]:
    """Return every model, by name."""
    ordered = select(RegisteredModel).order_by(col(RegisteredModel.name))
    return list(session.exec(ordered.limit(MOST_LISTED)))


def delete_model(session: Session, name: str) -> None:
    """Forget a name and its versions; their checkpoints stay.

    Raises:
        ModelNotFound: There is no such model.
        ModelInUse: An alias names a version of it.
    """
    get_model(session, name)
    # Aliases first: each that names nothing, and so the rest refuses to go.
    for table in (AliasChange, ModelAlias, ModelVersion):
        of_model = col(table.model_name) == name
        session.exec(delete(table).where(of_model, ~is_named(name)))
    gone = delete(RegisteredModel).where(
        col(RegisteredModel.name) == name, ~is_named(name)
    )
    if session.exec(gone).rowcount != 1:
        session.rollback()
        message = f"An alias names a version of {name!r}; remove the alias first."
        raise ModelInUse(message)
    session.commit()


def is_named(name: str, version: int | None = None) -> ColumnElement[bool]:
    """Say in SQL whether an alias names a version of a model, or this very one."""
    naming = aliased(ModelAlias)  # the statement around may be about aliases too
    of_model = exists().where(col(naming.model_name) == name)
    if version is None:
        return of_model.where(col(naming.version).is_not(None))
    return of_model.where(col(naming.version) == version)
