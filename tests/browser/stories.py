"""Jobs for the page to show: one went well, one failed, one trains, one waits."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from app import jobs
from app.database.engine import write_session
from app.jobs import Claim
from app.models import JobError
from app.spec import JobRequest
from app.states import ErrorCode, Outcome
from tests.factories import record_epoch, running_job, settle, submitted_job, tiny_spec
from tests.reports import a_report, record_report

DIVERGED = JobError(
    code=ErrorCode.DIVERGED_NON_FINITE,
    message="The loss was not finite in step 3 of epoch 1.",
    hint="Try a smaller learning rate.",
    retryable=False,
)


@dataclass(frozen=True)
class Story:
    """The jobs of a story, by how they stand."""

    succeeded: UUID
    failed: UUID
    running: Claim
    queued: UUID


def named(name: str) -> JobRequest:
    return tiny_spec(name=name)


def tell(engine: Engine) -> Story:
    return Story(
        succeeded=go_well(engine),
        failed=fail(engine),
        running=running_job(engine, named("Under way")),
        queued=submitted_job(engine, named("In the queue")).id,
    )


def go_well(engine: Engine) -> UUID:
    claim = running_job(engine, named("Gone well"))
    for epoch in (1, 2):
        record_epoch(engine, claim, epoch)
    record_report(engine, claim, a_report())
    settle(engine, claim, Outcome.FINISHED)
    return claim.job_id


def fail(engine: Engine) -> UUID:
    claim = running_job(engine, named("Gone wrong"))
    with write_session(engine) as session:
        jobs.record_error(session, claim, DIVERGED)
    settle(engine, claim, Outcome.FAILED)
    return claim.job_id
