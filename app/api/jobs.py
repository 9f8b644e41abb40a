"""Routes under /jobs."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response
from fastapi.responses import JSONResponse

from app import jobs
from app.api import etags, tables
from app.api.bodies import refused_as_body
from app.api.deps import (
    AskerDep,
    JobDep,
    JobId,
    ReadSession,
    ServicesDep,
    WriteSession,
)
from app.api.desk import SubmittingDesk
from app.api.examples import JOB_EDITS, JOB_REQUESTS
from app.api.listings import listing_of
from app.api.openapi import answers, catalogue
from app.api.openapi.refusals import problems
from app.api.schemas import (
    JobDetail,
    JobPublic,
    Listing,
    MetricsPublic,
    QueuePublic,
    StatusChange,
)
from app.errors import (
    CheckpointInUse,
    DatabaseUnavailable,
    IdempotencyKeyReused,
    JobNotFinished,
    JobNotFound,
    PreconditionFailed,
    QuotaExceeded,
    StorageFull,
    UnknownCursor,
)
from app.models import EpochMetrics, Job
from app.spec import JobEdit, JobRequest
from app.states import JobStatus

router = APIRouter(
    prefix="/jobs", tags=["jobs"], responses=problems(DatabaseUnavailable())
)

Limit = Annotated[int, Query(ge=1, le=100, description="Most jobs in the answer.")]
After = Annotated[UUID | None, Query(description="`last_id` of the page before.")]
Status = Annotated[JobStatus | None, Query(description="Only jobs in this status.")]
Request = Annotated[JobRequest, Body(openapi_examples=JOB_REQUESTS)]
Edit = Annotated[JobEdit, Body(openapi_examples=JOB_EDITS)]
OnlyTry = Annotated[
    bool, Query(description="Store nothing; tell layers, place in the queue and time.")
]
FilesOnly = Annotated[
    bool, Query(description="Free the checkpoints' bytes but keep the record.")
]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=JobPublic,
    responses={
        HTTPStatus.CREATED: answers.CREATED_JOB,
        HTTPStatus.OK: catalogue.DRY_RUN,
        **problems(StorageFull(), QuotaExceeded(), IdempotencyKeyReused()),
    },
)
def create_job(
    request: Request,
    desk: SubmittingDesk,
    response: Response,
    *,
    dry_run: OnlyTry = False,
) -> Job | JSONResponse:
    """Submit a training job.

    Whatever the body leaves out comes from the preset; the answer shows every
    hyperparameter that will be used, and of your own dataset the version. With the
    broker away the job waits for it. With `dry_run=true` nothing is stored, and the
    answer tells what the job would be.
    """
    with refused_as_body(request.model_dump()):
        if dry_run:
            desk.services.demand_room()
            fresh = desk.services.worker_freshness
            preview = jobs.preview_job(desk.session, request, fresh)
            return JSONResponse(tables.dry_run(preview).model_dump(mode="json"))
        job = desk.submit(request)
    response.headers["Location"] = f"/jobs/{job.id}"
    return job


@router.get(
    "",
    response_model=Listing[JobPublic],
    responses={HTTPStatus.OK: answers.JOBS, **problems(UnknownCursor())},
)
def list_jobs(
    session: ReadSession,
    asker: AskerDep,
    limit: Limit = 20,
    after: After = None,
    status: Status = None,
) -> Listing[Job]:
    """List jobs, newest first.

    While `has_more` is true, `after=last_id` asks for the next page. The order never
    changes, so a job submitted meanwhile moves nothing to another page.
    """
    page = jobs.list_jobs(session, limit, after, status, asker.sees_only)
    return listing_of(page.found, has_more=page.has_more)


@router.get(
    "/{job_id}",
    response_model=JobDetail,
    responses={
        HTTPStatus.OK: etags.tagged(answers.JOB_DETAIL),
        **etags.UNCHANGED,
        **problems(JobNotFound()),
    },
)
def get_job(
    job: JobDep,
    session: ReadSession,
    services: ServicesDep,
    response: Response,
    known: etags.IfNoneMatch = None,
) -> JobDetail | Response:
    """Show one job: its status, resolved spec, progress and result.

    Once `is_terminal` is true nothing here changes any more. A job that failed says
    why, and what to do, in `error`. While it is queued, `queue` says when it starts.
    """
    place = jobs.place_in_queue(session, job, services.worker_freshness)
    history = [StatusChange(**vars(x)) for x in jobs.status_history(session, job.id)]
    detail = JobDetail.model_validate(job)
    queue = None if place is None else QueuePublic.model_validate(place)
    shown = detail.model_copy(update={"queue": queue, "history": history})
    tag = etags.tag_of(shown, job.edit_count)
    return etags.unless_known(shown, tag, known, response)


@router.patch(
    "/{job_id}",
    response_model=JobPublic,
    responses={
        HTTPStatus.OK: etags.tagged(answers.JOB),
        **problems(JobNotFound(), PreconditionFailed()),
    },
)
def edit_job(
    job_id: JobId,
    edit: Edit,
    session: WriteSession,
    edits: etags.Edits,
    response: Response,
) -> Job:
    """Change how a job is called, or its priority.

    What the body leaves out stays; null clears it. The priority counts for as long as
    the job is queued; the hyperparameters of a job never change (see retry). With
    If-Match, only if nobody else has edited it.
    """
    job = jobs.edit_job(session, job_id, edit, edits)
    response.headers["ETag"] = etags.edited(job.edit_count)
    return job


@router.delete(
    "/{job_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(JobNotFound(), JobNotFinished(), CheckpointInUse()),
)
def delete_job(
    job_id: JobId, session: WriteSession, *, files_only: FilesOnly = False
) -> None:
    """Delete a job that has ended, with its checkpoints.

    With `files_only=true` the record, metrics and events stay, and only the bytes of
    the checkpoints are freed. Neither is done while a model's version points at one.
    """
    jobs.delete_job(session, job_id, files_only=files_only)


@router.get(
    "/{job_id}/metrics",
    response_model=Listing[MetricsPublic],
    responses={HTTPStatus.OK: answers.METRICS, **problems(JobNotFound())},
)
def list_job_metrics(job: JobDep, session: ReadSession) -> Listing[EpochMetrics]:
    """List the metrics of each finished epoch.

    An epoch is here as soon as it is over, together with its checkpoint.
    """
    metrics = jobs.list_metrics(session, job.id)
    return Listing(
        data=metrics,
        first_id=str(metrics[0].epoch) if metrics else None,
        last_id=str(metrics[-1].epoch) if metrics else None,
    )
