"""The checkpoints that a model has had, in order."""

from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.errors import CheckpointNotFound, ModelInUse, VersionNotFound
from app.models import Checkpoint, ModelVersion, RegisteredModel
from app.registry.models import get_model, is_named
from app.tickets import Ticket, keep_ticket

MOST_LISTED = 1000


def add_version(
    session: Session, name: str, checkpoint_id: UUID, ticket: Ticket | None = None
) -> ModelVersion:
    """Make a checkpoint the next version of a model.

    Raises:
        ModelNotFound: There is no such model.
        CheckpointNotFound: There is no such checkpoint.
    """
    get_model(session, name)
    if session.get(Checkpoint, checkpoint_id) is None:
        raise CheckpointNotFound(f"There is no checkpoint {checkpoint_id}.")
    counted = (
        update(RegisteredModel)
        .where(col(RegisteredModel.name) == name)
        .values(version_count=col(RegisteredModel.version_count) + 1)
        .returning(col(RegisteredModel.version_count))
    )
    number = session.exec(counted).scalar_one()
    version = ModelVersion(model_name=name, number=number, checkpoint_id=checkpoint_id)
    session.add(version)
    keep_ticket(session, ticket, number)
    session.commit()
    return version


def find_version(session: Session, name: str, number: int) -> ModelVersion | None:
    return session.get(ModelVersion, (name, number))


def list_versions(session: Session, name: str) -> list[ModelVersion]:
    """Return a model's versions, newest first."""
    of_model = select(ModelVersion).where(col(ModelVersion.model_name) == name)
    newest_first = of_model.order_by(col(ModelVersion.number).desc())
    return list(session.exec(newest_first.limit(MOST_LISTED)))


def delete_version(session: Session, name: str, number: int) -> None:
    """Forget a version; its checkpoint stays, and may now be deleted with its job.

    Raises:
        ModelNotFound: There is no such model.
        VersionNotFound: It has no such version.
        ModelInUse: An alias names it.
    """
    get_model(session, name)
    this = [col(ModelVersion.model_name) == name, col(ModelVersion.number) == number]
    gone = delete(ModelVersion).where(*this, ~is_named(name, number))
    if session.exec(gone).rowcount != 1:
        found = session.exec(select(ModelVersion).where(*this)).one_or_none()
        session.rollback()
        if found is None:
            raise VersionNotFound(f"The model {name!r} has no version {number}.")
        raise ModelInUse(
            f"An alias names version {number} of {name!r}; move or remove it first."
        )
    session.commit()


def versions_of_job(session: Session, job_id: UUID) -> list[ModelVersion]:
    """Return every version that points at a checkpoint of the job."""
    of_job = select(Checkpoint.id).where(col(Checkpoint.job_id) == job_id)
    found = select(ModelVersion).where(col(ModelVersion.checkpoint_id).in_(of_job))
    order = (col(ModelVersion.model_name), col(ModelVersion.number))
    return list(session.exec(found.order_by(*order).limit(MOST_LISTED)))
