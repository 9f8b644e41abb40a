"""Routes to a job's checkpoints."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app import jobs
from app.api.deps import JobDep, ReadSession
from app.api.schemas import CheckpointPublic, Listing
from app.models import Checkpoint

router = APIRouter(prefix="/jobs/{job_id}/checkpoints", tags=["checkpoints"])

SAFETENSORS = "application/octet-stream"
BINARY = {SAFETENSORS: {"schema": {"type": "string", "format": "binary"}}}
Epoch = Annotated[int, Path(ge=1, le=10**6, description="Counted from 1.")]


@router.get("", response_model=Listing[CheckpointPublic])
def list_checkpoints(job: JobDep, session: ReadSession) -> Listing[Checkpoint]:
    """List a job's checkpoints, one for each finished epoch."""
    checkpoints = jobs.list_checkpoints(session, job.id)
    return Listing(
        data=checkpoints,
        first_id=str(checkpoints[0].id) if checkpoints else None,
        last_id=str(checkpoints[-1].id) if checkpoints else None,
    )


@router.get(
    "/{epoch}/download",
    response_class=Response,
    responses={
        200: {
            "description": "Weights as safetensors; the header tells the network.",
            "content": BINARY,
        }
    },
)
def download_checkpoint(job: JobDep, epoch: Epoch, session: ReadSession) -> Response:
    """Download the network of one epoch as a safetensors file."""
    checkpoint = jobs.checkpoint_of_epoch(session, job.id, epoch)
    name = f"modelmill-{job.id}-epoch-{epoch}.safetensors"
    return Response(
        jobs.read_weights(session, checkpoint.id),
        media_type=SAFETENSORS,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "ETag": f'"{checkpoint.sha256}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
