"""An imported checkpoint in the database, as a version from its first moment."""

import hashlib
from dataclasses import dataclass

from sqlmodel import Session

from app import registry
from app.imports.upload import ImportedCheckpoint
from app.models import Checkpoint, CheckpointImport, CheckpointWeights, ModelVersion
from app.tickets import Ticket


@dataclass(frozen=True)
class Sender:
    """Who sent which files; a name of a file is only remembered."""

    files: list[str]
    key_id: str | None = None


def store_import(
    session: Session,
    name: str,
    imported: ImportedCheckpoint,
    sender: Sender,
    ticket: Ticket | None = None,
) -> ModelVersion:
    """Store weights, their origin and the version that keeps them, or nothing.

    Raises:
        ModelNotFound: There is no such model.
    """
    registry.get_model(session, name)
    weights, card = imported.weights, imported.card
    checkpoint = Checkpoint(
        epoch=0,
        attempt=0,
        size_bytes=len(weights),
        sha256=hashlib.sha256(weights).hexdigest(),
    )
    origin = CheckpointImport(
        checkpoint_id=checkpoint.id,
        key_id=sender.key_id,
        files=sender.files,
        preprocess=imported.usual_mode,
        architecture=card.architecture,
        input_shape=[*card.input_shape],
        weights_sha256=imported.weights_sha256,
        claimed_job_id=card.job_id or None,
        claimed_epoch=card.epoch or None,
    )
    session.add(checkpoint)
    session.flush()
    session.add_all(
        [CheckpointWeights(checkpoint_id=checkpoint.id, data=weights), origin]
    )
    return registry.add_version(session, name, checkpoint.id, ticket)
