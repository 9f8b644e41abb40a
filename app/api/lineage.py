"""Routes to what made a job's weights, and to make them again."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from app import jobs
from app.api.bodies import refused_as_body
from app.api.deps import JobDep, JobId, ReadSession
from app.api.desk import SubmittingDesk
from app.api.lineage_schemas import AttemptPublic, Lineage
from app.api.openapi import answers
from app.api.openapi.lineage import LINEAGE
from app.api.openapi.refusals import problems
from app.api.schemas import JobPublic
from app.errors import (
    DatabaseUnavailable,
    IdempotencyKeyReused,
    JobNotFound,
    QuotaExceeded,
    StorageFull,
    WrongStatus,
)
from app.models import Job

router = APIRouter(
    prefix="/jobs/{job_id}",
    tags=["lineage"],
    responses=problems(JobNotFound(), DatabaseUnavailable()),
)


@router.get("/lineage", responses={HTTPStatus.OK: LINEAGE})
def get_lineage(job: JobDep, session: ReadSession) -> Lineage:
    """Show all that a job's weights follow from.

    What was asked and what that came to, the images by digest, the code, the machine of
    each attempt, and the digest of the result. The same again gives the same weights,
    bit for bit.
    """
    attempts = jobs.list_attempts(session, job.id)
    return Lineage(
        job_id=job.id,
        requested=job.requested,
        spec=job.spec,
        seed=job.spec.seed,
        dataset=job.spec.dataset,
        starting_point=job.starting_point,
        attempts=[AttemptPublic.model_validate(one) for one in attempts],
        weights_sha256=job.weights_sha256,
    )


@router.post(
    "/reproduce",
    status_code=HTTPStatus.CREATED,
    response_model=JobPublic,
    responses={
        HTTPStatus.CREATED: answers.CREATED_JOB,
        **problems(
            JobNotFound(),
            WrongStatus(),
            StorageFull(),
            QuotaExceeded(),
            IdempotencyKeyReused(),
        ),
    },
)
def reproduce_job(job_id: JobId, desk: SubmittingDesk, response: Response) -> Job:
    """Run a succeeded job's lineage again, as a new job that ends with a verdict.

    `reproduction.verdict` of the new job is `exact` (the same weights, bit for bit),
    `statistical` (the test accuracy is within 0.003, and `reasons` say why the same
    weights could not be promised) or `different`.
    """
    with refused_as_body({}):
        job = desk.reproduce(job_id)
    response.headers["Location"] = f"/jobs/{job.id}"
    return job
