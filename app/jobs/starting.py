"""Jobs that start from the weights of a checkpoint instead of drawn ones."""

from uuid import UUID

from sqlmodel import Session

from app.architecture import Fault, for_other_classes, refusal, starting_weights
from app.jobs.listing import read_weights
from app.jobs.origins import network_of, origin_of
from app.models import Checkpoint, Job, StartingPoint
from app.spec import JobRequest


def start_from(
    session: Session, request: JobRequest
) -> tuple[JobRequest, StartingPoint | None]:
    """Return the request with the checkpoint's network, and what is taken of it.

    An architecture of the client's own stays, and has to fit the checkpoint.

    Raises:
        ValidationError: There is no such checkpoint, or it does not fit.
    """
    if request.init_from is None:
        return request, None
    checkpoint = demand_checkpoint(session, request.init_from, "init_from", None)
    parent = network_of(session, checkpoint)
    if "architecture" not in request.given:
        own = for_other_classes(parent.architecture, request.pictures.classes)
        request = request.changed(architecture=own)
    start = starting_weights(
        request.architecture,
        request.pictures.shape,
        parent.architecture,
        parent.input_shape,
    )
    if start.faults:
        raise refusal(fault.below(("architecture",)) for fault in start.faults)
    return request, StartingPoint(
        checkpoint_id=checkpoint.id,
        job_id=checkpoint.job_id,
        epoch=checkpoint.epoch,
        sha256=checkpoint.sha256,
        replaced=start.replaced,
    )


def read_starting_weights(session: Session, job: Job) -> bytes | None:
    """Return the weights that a job starts from, if not from drawn ones."""
    return None if job.init_from is None else read_weights(session, job.init_from)


def demand_checkpoint(
    session: Session, checkpoint_id: UUID, name: str, key_id: str | None
) -> Checkpoint:
    """Return the checkpoint that a request names; of one key's jobs, if it is given.

    Raises:
        ValidationError: There is none.
    """
    checkpoint = session.get(Checkpoint, checkpoint_id)
    if checkpoint is None or (
        key_id is not None and origin_of(session, checkpoint).key_id != key_id
    ):
        message = "There is no checkpoint with this id."
        raise refusal(
            [Fault((name,), "checkpoint_not_found", message, str(checkpoint_id))]
        )
    return checkpoint
