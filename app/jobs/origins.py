"""Where checkpoints come from: a job here has trained them, or a file brought them."""

from dataclasses import dataclass

from sqlmodel import Session

from app.architecture import Architecture
from app.jobs.listing import get_job
from app.models import Checkpoint, CheckpointImport, Job
from app.spec import ImageShape


@dataclass(frozen=True)
class Network:
    """What stands in a checkpoint, and the pictures that it takes."""

    architecture: Architecture
    input_shape: ImageShape


def origin_of(session: Session, checkpoint: Checkpoint) -> Job | CheckpointImport:
    if checkpoint.job_id is not None:
        return get_job(session, checkpoint.job_id)
    return session.get_one(CheckpointImport, checkpoint.id)


def network_of(session: Session, checkpoint: Checkpoint) -> Network:
    return network_from(origin_of(session, checkpoint))


def network_from(origin: Job | CheckpointImport) -> Network:
    if isinstance(origin, CheckpointImport):
        channels, height, width = origin.input_shape
        return Network(origin.architecture, (channels, height, width))
    return Network(origin.spec.architecture, origin.spec.pictures.shape)
