"""The route to what a job's processes said."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from app import jobs
from app.api.deps import JobDep, ReadSession
from app.api.events import LARGEST_NUMBER
from app.api.openapi import answers
from app.api.openapi.refusals import problems
from app.api.schemas import LogLine
from app.errors import DatabaseUnavailable, JobNotFound

router = APIRouter(prefix="/jobs", tags=["jobs"])

After = Annotated[
    int,
    Query(ge=0, le=LARGEST_NUMBER, description="Only lines with a higher number."),
]
Format = Annotated[Literal["ndjson", "text"], Query(description="One line a line.")]


@router.get(
    "/{job_id}/logs",
    response_class=Response,
    responses={
        HTTPStatus.OK: answers.LOGS,
        **problems(JobNotFound(), DatabaseUnavailable()),
    },
)
def read_job_logs(
    job: JobDep, session: ReadSession, after: After = 0, format: Format = "ndjson"
) -> Response:
    """Read what a job's processes said, also after its end.

    The newest 2000 lines are kept. `format=text` is for people.
    """
    rows = jobs.list_log_lines(session, job.id, after)
    lines = map(LogLine.model_validate, rows)
    if format == "text":
        return Response("".join(map(LogLine.as_text, lines)), media_type="text/plain")
    content = "".join(map(LogLine.as_json, lines))
    return Response(content, media_type="application/x-ndjson")
