"""Routes under /jobs."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response

from app import jobs
from app.api.deps import JobDep, ReadSession, ServicesDep, WriteSession
from app.api.examples import JOB_REQUESTS
from app.api.openapi import answers
from app.api.openapi.refusals import problems
from app.api.schemas import JobPublic, Listing, MetricsPublic
from app.errors import DatabaseUnavailable, JobNotFound, UnknownCursor
from app.models import EpochMetrics, Job
from app.spec import JobStatus, TrainingSpec

router = APIRouter(
    prefix="/jobs", tags=["jobs"], responses=problems(DatabaseUnavailable())
)

Limit = Annotated[int, Query(ge=1, le=100, description="Most jobs in the answer.")]
After = Annotated[UUID | None, Query(description="`last_id` of the page before.")]
Status = Annotated[JobStatus | None, Query(description="Only jobs in this status.")]
Spec = Annotated[TrainingSpec, Body(openapi_examples=JOB_REQUESTS)]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=JobPublic,
    responses={HTTPStatus.CREATED: answers.CREATED_JOB},
)
def create_job(
    spec: Spec, session: WriteSession, services: ServicesDep, response: Response
) -> Job:
    """Submit a training job.

    Whatever the body leaves out comes from the preset; the answer shows every
    hyperparameter that will be used. With the broker away the job waits for it.
    """
    job = jobs.submit_job(session, spec)
    response.headers["Location"] = f"/jobs/{job.id}"
    jobs.dispatch_job(session, services.queue, job.id, services.redelivery)
    return job


@router.get(
    "",
    response_model=Listing[JobPublic],
    responses={HTTPStatus.OK: answers.JOBS, **problems(UnknownCursor())},
)
def list_jobs(
    session: ReadSession,
    limit: Limit = 20,
    after: After = None,
    status: Status = None,
) -> Listing[Job]:
    """List jobs, newest first.

    While `has_more` is true, `after=last_id` asks for the next page. The order never
    changes, so a job submitted meanwhile moves nothing to another page.
    """
    page = jobs.list_jobs(session, limit, after, status)
    return Listing(
        data=page.jobs,
        has_more=page.has_more,
        first_id=str(page.jobs[0].id) if page.jobs else None,
        last_id=str(page.jobs[-1].id) if page.jobs else None,
    )


@router.get(
    "/{job_id}",
    response_model=JobPublic,
    responses={HTTPStatus.OK: answers.JOB, **problems(JobNotFound())},
)
def get_job(job: JobDep) -> Job:
    """Show one job: its status, resolved spec, progress and result.

    Once `is_terminal` is true nothing here changes any more. A job that failed says
    why, and what to do, in `error`.
    """
    return job


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
