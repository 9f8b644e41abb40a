"""The route that lays jobs side by side."""

from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app import jobs
from app.api.deps import AskerDep, ReadSession, get_seen_job
from app.api.openapi import examples
from app.api.openapi.answers import shown
from app.api.openapi.refusals import problems
from app.api.openapi.reports import FIGURE
from app.api.reports import Kind, file_of
from app.errors import DatabaseUnavailable, JobNotFound
from app.models import Job

router = APIRouter(prefix="/jobs", tags=["jobs"])

MEASURES = ("train_loss", "train_accuracy", "val_loss", "val_accuracy")
Ids = Annotated[
    list[UUID],
    Query(
        min_length=2, max_length=20, description="Once for each job: `?ids=…&ids=…`."
    ),
]


class Compared(BaseModel):
    """One job among others: what is its own, and how it went."""

    id: UUID
    name: str | None
    best_epoch: int | None
    best_val_accuracy: float | None
    test_accuracy: float | None
    curves: dict[str, list[float | None]] = Field(
        description="A value for each of `epochs`, null where there is none."
    )


class Comparison(BaseModel):
    """Jobs side by side: hyperparameters that differ, and curves over one axis."""

    object: Literal["comparison"] = "comparison"
    differences: dict[str, list[Any]] = Field(
        description="A hyperparameter's value in each job, in the order asked."
    )
    epochs: list[int]
    jobs: list[Compared]


COMPARISON = shown(
    "The jobs side by side.",
    two_jobs=Comparison(
        differences={"learning_rate": [0.001, 0.0001]},
        epochs=[1],
        jobs=[
            Compared(
                id=job_id,
                name=None,
                best_epoch=1,
                best_val_accuracy=0.9744,
                test_accuracy=0.9861,
                curves={name: [0.1] for name in MEASURES},
            )
            for job_id in (examples.JOB_ID, examples.CHECKPOINT_ID)
        ],
    ),
)


@router.get(
    "/compare",
    responses={
        HTTPStatus.OK: COMPARISON,
        **problems(JobNotFound(), DatabaseUnavailable()),
    },
)
def compare_jobs(ids: Ids, session: ReadSession, asker: AskerDep) -> Comparison:
    """Compare jobs by what they do not share.

    Only the hyperparameters that differ, the curves over the same epochs, and the best
    of each.
    """
    found = [get_seen_job(session, asker, job_id) for job_id in ids]
    epochs = list(range(1, max(job.epoch for job in found) + 1))
    return Comparison(
        differences=differences(found),
        epochs=epochs,
        jobs=[compared(session, job, epochs) for job in found],
    )


@router.get(
    "/compare.{kind}",
    response_class=Response,
    responses={
        HTTPStatus.OK: FIGURE,
        **problems(JobNotFound(), DatabaseUnavailable()),
    },
)
def draw_comparison(
    ids: Ids, session: ReadSession, asker: AskerDep, kind: Kind
) -> Response:
    """Draw the validation curves of several jobs over the same epochs.

    Each line bears its job's name and the beginning of its id.
    """
    # matplotlib takes half a second to load: only those who want figures wait for it.
    from app.figures.drawings import picture_comparison

    metrics = {}
    for job_id in ids:
        job = get_seen_job(session, asker, job_id)
        short = str(job_id)[:4]
        name = short if job.name is None else f"{short} {job.name}"
        metrics[name] = jobs.list_metrics(session, job_id)
    return file_of(picture_comparison(metrics, kind), kind)


def differences(found: list[Job]) -> dict[str, list[Any]]:
    specs = [job.spec.model_dump(mode="json") for job in found]
    values = {name: [spec[name] for spec in specs] for name in specs[0]}
    return {
        name: row
        for name, row in values.items()
        if any(value != row[0] for value in row)
    }


def compared(session: Session, job: Job, epochs: list[int]) -> Compared:
    rows = {row.epoch: row for row in jobs.list_metrics(session, job.id)}
    return Compared(
        id=job.id,
        name=job.name,
        best_epoch=job.best_epoch,
        best_val_accuracy=job.best_val_accuracy,
        test_accuracy=job.test_accuracy,
        curves={
            name: [getattr(rows.get(epoch), name, None) for epoch in epochs]
            for name in MEASURES
        },
    )
