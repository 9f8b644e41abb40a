"""Routes that ask something of a job, or of several at once."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field

from app import jobs
from app.api.bodies import refused_as_body
from app.api.deps import JobId, get_seen_job
from app.api.desk import Desk, DeskDep, SubmittingDesk
from app.api.errors import INVALID_REQUEST
from app.api.examples import BULK, RETRIES
from app.api.openapi import answers
from app.api.openapi.refusals import problems
from app.api.schemas import BulkResult, JobPublic, Listing
from app.errors import (
    DatabaseUnavailable,
    IdempotencyKeyReused,
    JobNotFound,
    ModelmillError,
    QuotaExceeded,
    StorageFull,
    WrongStatus,
    error_code,
)
from app.models import Job
from app.spec import Strict
from app.states import Action

router = APIRouter(
    prefix="/jobs", tags=["jobs"], responses=problems(DatabaseUnavailable())
)

MOST_AT_ONCE = 100
REFUSED = problems(JobNotFound(), WrongStatus())
Overrides = Annotated[dict[str, Any], Body(openapi_examples=RETRIES)]


class BulkRequest(Strict):
    """One action for several jobs."""

    action: Literal["stop", "cancel", "pause", "resume", "retry", "delete"]
    ids: Annotated[
        list[Annotated[UUID, Field(strict=False)]],
        Field(min_length=1, max_length=MOST_AT_ONCE),
    ]


Bulk = Annotated[BulkRequest, Body(openapi_examples=BULK)]


def add_action(action: Action, words: str) -> None:
    """Add POST /jobs/{job_id}/ACTION; they differ in nothing but name and words."""

    def act(job_id: JobId, desk: DeskDep) -> Job:
        return perform(desk, job_id, action)

    router.add_api_route(
        f"/{{job_id}}/{action}",
        act,
        methods=["POST"],
        name=f"{action}_job",
        description=words,
        status_code=HTTPStatus.ACCEPTED,
        response_model=JobPublic,
        responses={HTTPStatus.ACCEPTED: answers.JOB, **REFUSED},
    )


add_action(
    Action.STOP,
    "Stop a job and keep its result.\n\nThe best checkpoint is measured on the test "
    "images and the job succeeds with `stop_reason: stopped_by_user`. Before the first "
    "epoch has ended, that epoch is closed where it stands.",
)
add_action(
    Action.CANCEL,
    "Cancel a job.\n\nIts finished epochs keep their checkpoints. It is `cancelling` "
    "until its process is gone.",
)
add_action(
    Action.PAUSE,
    "Pause a job.\n\nIts state is saved and its worker is free for other jobs. "
    "Resumed, it ends with the same weights, bit for bit, as if never paused.",
)
add_action(
    Action.RESUME,
    "Resume a paused job.\n\nIt waits in the queue again, in its old place, and goes "
    "on where it stood, perhaps on another worker.",
)


@router.post(
    "/{job_id}/retry",
    status_code=HTTPStatus.CREATED,
    response_model=JobPublic,
    responses={
        HTTPStatus.CREATED: answers.CREATED_JOB,
        **problems(
            JobNotFound(), StorageFull(), QuotaExceeded(), IdempotencyKeyReused()
        ),
    },
)
def retry_job(
    job_id: JobId,
    overrides: Overrides,
    desk: SubmittingDesk,
    response: Response,
) -> Job:
    """Submit a new job with an old one's spec.

    Any field of `POST /jobs` in the body replaces the old one's; an empty object runs
    the same again, seed included.
    """
    job = retry(desk, job_id, overrides)
    response.headers["Location"] = f"/jobs/{job.id}"
    return job


@router.post(
    "/bulk",
    responses={HTTPStatus.OK: answers.BULK},
)
def act_on_jobs(bulk: Bulk, desk: SubmittingDesk) -> Listing[BulkResult]:
    """Do the same to several jobs.

    Each is tried on its own; the answer says for each what came of it. Sent again under
    the same key, it retries no job a second time.
    """
    one = BULK_ACTIONS[bulk.action]
    results = [attempt(partial(one, desk), job_id) for job_id in bulk.ids]
    return Listing(data=results)


def attempt(one: Callable[[UUID], Job | None], job_id: UUID) -> BulkResult:
    try:
        job = one(job_id)
    except ModelmillError as error:
        code, detail = error_code(type(error)), str(error)
        return BulkResult(id=job_id, ok=False, code=code, detail=detail)
    except RequestValidationError as error:  # its dataset was deleted since
        detail = "; ".join(one["msg"] for one in error.errors())
        return BulkResult(id=job_id, ok=False, code=INVALID_REQUEST, detail=detail)
    return BulkResult(id=job_id, ok=True, status=None if job is None else job.status)


def perform(desk: Desk, job_id: UUID, action: Action) -> Job:
    job = jobs.request_action(desk.session, job_id, action)
    desk.services.announce(desk.session, job_id)
    return job


def retry(desk: Desk, job_id: UUID, overrides: dict[str, Any]) -> Job:
    desk.services.demand_room()
    old = jobs.get_job(desk.session, job_id)
    with refused_as_body(overrides):
        request = jobs.request_again(old, overrides)
        return desk.submit(request, retried_from=job_id)


def delete(desk: Desk, job_id: UUID) -> None:
    jobs.delete_job(desk.session, job_id, files_only=False)


def retry_as_it_was(desk: Desk, job_id: UUID) -> Job:
    ticket = None if desk.ticket is None else desk.ticket.part(job_id)
    return retry(replace(desk, ticket=ticket), job_id, overrides={})


def performer(action: Action) -> Callable[[Desk, UUID], Job]:
    return lambda desk, job_id: perform(desk, job_id, action)


def own(
    one: Callable[[Desk, UUID], Job | None],
) -> Callable[[Desk, UUID], Job | None]:
    """Wrap what is done to a job that the path did not name, and so no one checked."""

    def checked(desk: Desk, job_id: UUID) -> Job | None:
        if desk.asker.sees_only is not None:
            get_seen_job(desk.session, desk.asker, job_id)
            desk.session.rollback()
        return one(desk, job_id)

    return checked


BULK_ACTIONS: dict[str, Callable[[Desk, UUID], Job | None]] = {
    **{action.value: own(performer(action)) for action in Action},
    "retry": own(retry_as_it_was),
    "delete": own(delete),
}
