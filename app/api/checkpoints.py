"""Routes to checkpoints: those of a job, and each by its own id."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from app import jobs
from app.api import etags
from app.api.deps import AskerDep, JobDep, ReadSession
from app.api.listings import listing_of
from app.api.openapi import answers
from app.api.openapi.refusals import problems
from app.api.schemas import CheckpointPublic, Listing
from app.errors import CheckpointNotFound, DatabaseUnavailable, JobNotFound
from app.jobs import Choice
from app.models import Checkpoint

router = APIRouter(tags=["checkpoints"], responses=problems(DatabaseUnavailable()))

SAFETENSORS = "application/octet-stream"
OF_JOB = "/jobs/{job_id}/checkpoints"
Epoch = Annotated[int, Path(ge=1, le=10**6, description="Counted from 1.")]
CheckpointId = Annotated[UUID, Path(description="As lists and versions name it.")]


@router.get(
    OF_JOB,
    response_model=Listing[CheckpointPublic],
    responses={HTTPStatus.OK: answers.CHECKPOINTS, **problems(JobNotFound())},
)
def list_checkpoints(job: JobDep, session: ReadSession) -> Listing[Checkpoint]:
    """List a job's checkpoints, one for each finished epoch.

    Each can be downloaded by its epoch, and asked for predictions by its id.
    """
    checkpoints = jobs.list_checkpoints(session, job.id)
    return listing_of(checkpoints)


@router.get(
    "/checkpoints/{checkpoint_id}",
    response_model=CheckpointPublic,
    responses={HTTPStatus.OK: answers.CHECKPOINT, **problems(CheckpointNotFound())},
)
def get_checkpoint(
    checkpoint_id: CheckpointId, session: ReadSession, asker: AskerDep
) -> Checkpoint:
    """Show a checkpoint.

    It tells its job and epoch, and what it reached there: a prediction, a model's
    version and `init_from` name a checkpoint by its id alone.
    """
    choice = Choice(checkpoint_id=checkpoint_id, key_id=asker.sees_only)
    return jobs.choose_checkpoint(session, choice)


@router.get(
    f"{OF_JOB}/{{epoch}}/download",
    response_class=Response,
    responses={
        HTTPStatus.OK: answers.WEIGHTS,
        **etags.UNCHANGED,
        **problems(JobNotFound(), CheckpointNotFound()),
    },
)
def download_checkpoint(
    job: JobDep,
    epoch: Epoch,
    session: ReadSession,
    known: etags.IfNoneMatch = None,
) -> Response:
    """Download the network of one epoch as a safetensors file.

    The file's own metadata names the layers, the classes and the preprocessing, so it
    can be used without this service.
    """
    checkpoint = jobs.checkpoint_of_epoch(session, job.id, epoch)
    tag = f'"{checkpoint.sha256}"'
    if etags.is_known(tag, known):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    name = f"modelmill-{job.id}-epoch-{epoch}.safetensors"
    return Response(
        jobs.read_weights(session, checkpoint.id),
        media_type=SAFETENSORS,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "ETag": tag,
            "X-Content-Type-Options": "nosniff",
        },
    )
