"""Jobs for the page to show: one went well, one failed, one trains, one waits.

And what comes of them, or goes into them: a model, a dataset.
"""

import io
import zipfile
from dataclasses import dataclass
from uuid import UUID

from playwright.sync_api import FilePayload
from sqlalchemy import Engine

from app import jobs, registry
from app.database.engine import write_session
from app.jobs import Claim
from app.models import JobError
from app.spec import JobRequest
from app.states import ErrorCode, Outcome
from tests.browser.conftest import Visit
from tests.factories import (
    drawn_digit,
    encoded,
    record_epoch,
    running_job,
    settle,
    submitted_job,
    tiny_spec,
)
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
    story = Story(
        succeeded=go_well(engine),
        failed=fail(engine),
        running=running_job(engine, named("Under way")),
        queued=submitted_job(engine, named("In the queue")).id,
    )
    register(engine, story)
    return story


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


def register(engine: Engine, story: Story) -> None:
    """Make both checkpoints of what went well versions of a model; use the first."""
    with write_session(engine) as session:
        kept = jobs.list_checkpoints(session, story.succeeded)
        ids = [checkpoint.id for checkpoint in kept]
        registry.create_model(session, "digits", "What the till reads")
        for checkpoint_id in ids:
            registry.add_version(session, "digits", checkpoint_id)
        registry.move_alias(session, "digits", "champion", 1, registry.Expected(0))


def zip_of_inks() -> bytes:
    """Return pictures of two classes, unevenly many, and a file that is none."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for ink, count in (("black", 12), ("grey", 5)):
            for number in range(count):
                digit = drawn_digit(ink, paper=f"#ffff{number:02x}")
                archive.writestr(f"{ink}/{number}.png", encoded(digit))
        archive.writestr("black/notes.png", b"no picture")
    return file.getvalue()


def upload(visit: Visit, name: str = "inks") -> str:
    """Upload those pictures; return the dataset's id."""
    picked: FilePayload = {
        "name": "inks.zip",
        "mimeType": "application/zip",
        "buffer": zip_of_inks(),
    }
    response = visit.page.request.post(
        f"{visit.address}/datasets",
        multipart={"name": name, "file": picked},
    )
    return str(response.json()["id"])
