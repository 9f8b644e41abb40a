"""Where a version's checkpoint comes from: a job here and its epoch, or a file."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.models import Checkpoint, CheckpointImport, ModelVersion


@dataclass(frozen=True)
class Origin:
    """A version's checkpoint, and how it came here if no job here has trained it."""

    checkpoint: Checkpoint
    imported: CheckpointImport | None


def list_origins(session: Session, name: str) -> dict[UUID, Origin]:
    """Return where each of a model's versions comes from, by its checkpoint."""
    found = session.exec(
        select(Checkpoint, CheckpointImport)
        .join(ModelVersion, col(ModelVersion.checkpoint_id) == Checkpoint.id)
        .outerjoin(
            CheckpointImport, col(CheckpointImport.checkpoint_id) == Checkpoint.id
        )
        .where(col(ModelVersion.model_name) == name)
    )
    return {
        checkpoint.id: Origin(checkpoint, imported) for checkpoint, imported in found
    }
