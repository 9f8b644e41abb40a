"""The route that hands a checkpoint out, for use without this service."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app import jobs
from app.api.deps import AskerDep, ReadSession
from app.api.openapi.export import EXPORT
from app.api.openapi.refusals import problems
from app.api.schemas import CheckpointPublic
from app.errors import CheckpointNotFound, DatabaseUnavailable
from app.vision.export import ExportFormat, export_checkpoint

router = APIRouter(
    prefix="/checkpoints/{checkpoint_id}",
    tags=["checkpoints"],
    responses=problems(CheckpointNotFound(), DatabaseUnavailable()),
)

ZIP = "application/zip"
CheckpointId = Annotated[UUID, Path(description="As lists and predictions name it.")]
Kind = Annotated[
    ExportFormat,
    Query(alias="format", description="`onnx` runs anywhere; `safetensors` here."),
]


@router.get("/export", response_class=Response, responses={HTTPStatus.OK: EXPORT})
def export_checkpoint_files(
    checkpoint_id: CheckpointId,
    session: ReadSession,
    asker: AskerDep,
    kind: Kind = ExportFormat.ONNX,
) -> Response:
    """Export a checkpoint with all that is needed to run it.

    A zip of the weights, the architecture, class names and preprocessing, the metrics,
    and a script that says what a PNG shows. The ONNX graph takes batches of any size.
    """
    checkpoint = jobs.get_checkpoint(session, checkpoint_id)
    if not asker.sees(jobs.get_job(session, checkpoint.job_id)):
        raise CheckpointNotFound
    metrics = CheckpointPublic.model_validate(checkpoint).model_dump(mode="json")
    packed = export_checkpoint(jobs.read_weights(session, checkpoint_id), kind, metrics)
    name = f"modelmill-{checkpoint_id}-{kind}.zip"
    return Response(
        packed,
        media_type=ZIP,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
