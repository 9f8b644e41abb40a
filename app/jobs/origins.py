"""Where checkpoints come from: a job here has trained them, or a file brought them."""

from dataclasses import dataclass

from sqlmodel import Session

from app.architecture import Architecture, Shape
from app.jobs.listing import get_job
from app.models import Checkpoint, CheckpointImport, Job


@dataclass(frozen=True)
class Network:
    """What stands in a checkpoint, and the pictures that it takes."""

    architecture: Architecture
    input_shape: Shape


def origin_of(session: Session, checkpoint: Checkpoint) -> Job | CheckpointImport:
    if checkpoint.job_id is not None:
        return get_job(session, checkpoint.job_id)
    return session.get_one(CheckpointImport, checkpoint.id)


def network_of(session: Session, checkpoint: Checkpoint) -> Network:
    origin = origin_of(session, checkpoint)
    if isinstance(origin, CheckpointImport):
        return Network(origin.architecture, (*origin.input_shape,))
    return Network(origin.spec.architecture, origin.spec.pictures.shape)
