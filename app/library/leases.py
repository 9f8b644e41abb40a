"""Who validates an upload: claims and renewals, each one conditional UPDATE.

No clock is in the database: a lease that stands unrenewed is seen by who looks.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from app.models import Dataset
from app.states import DatasetStatus

LOOKED_AT = 1000


@dataclass(frozen=True)
class Held:
    """A validation as it stands: every renewal makes it another one."""

    dataset_id: UUID
    attempt: int
    renewals: int


def list_validating(session: Session) -> list[Held]:
    statement = (
        select(Dataset)
        .where(col(Dataset.status) == DatasetStatus.VALIDATING)
        .order_by(col(Dataset.created_at), col(Dataset.id))
        .limit(LOOKED_AT)
    )
    return [Held(row.id, row.attempt, row.renewals) for row in session.exec(statement)]


def claim_dataset(session: Session, seen: Held) -> int | None:
    """Take a validation over; return the new attempt, None if it moved meanwhile."""
    taken = session.exec(
        update(Dataset)
        .where(*held_by(seen.dataset_id, seen.attempt))
        .where(col(Dataset.renewals) == seen.renewals)
        .values(attempt=seen.attempt + 1, renewals=0)
    )
    session.commit()
    return seen.attempt + 1 if taken.rowcount == 1 else None


def renew_dataset(session: Session, dataset_id: UUID, attempt: int) -> bool:
    """Show that an attempt is alive; False once it belongs to somebody else."""
    renewed = session.exec(
        update(Dataset)
        .where(*held_by(dataset_id, attempt))
        .values(renewals=col(Dataset.renewals) + 1)
    )
    session.commit()
    return renewed.rowcount == 1


def held_by(dataset_id: UUID, attempt: int) -> list[ColumnElement[bool]]:
    """Return what must hold for an attempt's writes to be still wanted."""
    return [
        col(Dataset.id) == dataset_id,
        col(Dataset.attempt) == attempt,
        col(Dataset.status) == DatasetStatus.VALIDATING,
    ]
