"""The route that hands a checkpoint out, for use without this service."""

from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app import jobs
from app.api.choices import usual_mode
from app.api.deps import Asker, AskerDep, Services, ServicesDep
from app.api.openapi.export import EXPORT
from app.api.openapi.refusals import problems
from app.api.schemas import CheckpointPublic
from app.database.engine import read_session
from app.errors import CheckpointNotFound, DatabaseUnavailable
from app.vision.export import Export, ExportFormat, pack

router = APIRouter(
    prefix="/checkpoints/{checkpoint_id}",
    tags=["checkpoints"],
    responses=problems(CheckpointNotFound(), DatabaseUnavailable()),
)

ZIP = "application/zip"
CheckpointId = Annotated[UUID, Path(description="As lists and predictions name it.")]
Kind = Annotated[
    ExportFormat,
    Query(
        alias="format",
        description="`onnx` runs anywhere, `torch_export` wherever torch is, and "
        "`safetensors` here: it can be imported again. `torch_export` takes seconds.",
    ),
]


@router.get("/export", response_class=Response, responses={HTTPStatus.OK: EXPORT})
def export_checkpoint_files(
    checkpoint_id: CheckpointId,
    services: ServicesDep,
    asker: AskerDep,
    kind: Kind = ExportFormat.ONNX,
) -> Response:
    """Export a checkpoint with all that is needed to run it.

    A zip of the weights, the architecture, class names and preprocessing, the metrics,
    and a script that says what a PNG shows. Graph and program take batches of any size.
    """
    export = read_export(services, asker, checkpoint_id)
    with turn_of(services, kind):
        packed = pack(export, kind)
    name = f"modelmill-{checkpoint_id}-{kind}.zip"
    return Response(
        packed,
        media_type=ZIP,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def read_export(services: Services, asker: Asker, checkpoint_id: UUID) -> Export:
    """Read it in a session that is over before anything is packed."""
    with read_session(services.engine) as session:
        checkpoint = jobs.get_checkpoint(session, checkpoint_id)
        origin = jobs.origin_of(session, checkpoint)
        if not asker.sees(origin):
            raise CheckpointNotFound
        weights = jobs.read_weights(session, checkpoint_id)
    metrics = CheckpointPublic.model_validate(checkpoint).model_dump(mode="json")
    return Export(weights, usual_mode(origin), metrics)


def turn_of(services: Services, kind: ExportFormat) -> AbstractContextManager[Any]:
    """Let one process with torch run at a time: each takes 400 MB."""
    is_large = kind is ExportFormat.TORCH_EXPORT
    return services.program_turn if is_large else nullcontext()
