"""Routes to what a job's network can and cannot do."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response

from app import jobs
from app.api.deps import JobDep, ReadSession
from app.api.openapi.refusals import problems
from app.api.openapi.reports import FIGURE, REPORTED
from app.errors import DatabaseUnavailable, JobNotFound, ReportNotFound
from app.figures.format import FigureFormat
from app.report import EvaluationReport

router = APIRouter(
    prefix="/jobs/{job_id}/report",
    tags=["reports"],
    responses=problems(JobNotFound(), DatabaseUnavailable()),
)

Kind = Annotated[FigureFormat, Path(description="`svg` or `png`.")]

MISSING = problems(JobNotFound(), ReportNotFound())
MEDIA_TYPES = {FigureFormat.SVG: "image/svg+xml", FigureFormat.PNG: "image/png"}
# An SVG opened by itself is a page: this one may load and run nothing.
FIGURE_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:",
    "X-Content-Type-Options": "nosniff",
}


@router.get("", responses={HTTPStatus.OK: REPORTED, **MISSING})
def get_report(job: JobDep, session: ReadSession) -> EvaluationReport:
    """Show the evaluation of a job's best checkpoint on the test images.

    Loss, accuracy, scores by class, the confusion matrix, calibration before and after
    temperature scaling, and the images that were classified worst. It is there as soon
    as the job has succeeded.
    """
    return jobs.get_report(session, job).data


@router.get(
    "/curves.{kind}", response_class=Response, responses={HTTPStatus.OK: FIGURE}
)
def get_curves(job: JobDep, session: ReadSession, kind: Kind) -> Response:
    """Draw loss and accuracy by epoch.

    Shows the epochs that have ended, also while the job runs.
    """
    # matplotlib takes half a second to load: only those who want figures wait for it.
    from app.figures.drawings import picture_curves

    metrics = jobs.list_metrics(session, job.id)
    return file_of(picture_curves(metrics, job.best_epoch, kind), kind)


def add_figure(name: str, words: str) -> None:
    """Add GET /NAME.svg and .png; they differ in nothing but picture and words."""

    def get_figure(job: JobDep, session: ReadSession, kind: Kind) -> Response:
        from app.figures.drawings import picture_report

        report = jobs.get_report(session, job).data
        return file_of(picture_report(name, report, kind), kind)

    router.add_api_route(
        f"/{name}.{{kind}}",
        get_figure,
        name=f"get_{name.replace('-', '_')}",
        description=words,
        response_class=Response,
        responses={HTTPStatus.OK: FIGURE, **MISSING},
    )


def file_of(picture: bytes, kind: FigureFormat) -> Response:
    return Response(picture, media_type=MEDIA_TYPES[kind], headers=FIGURE_HEADERS)


add_figure(
    "confusion-matrix",
    "Draw the confusion matrix.\n\nCounts of test images by true class (row) and "
    "predicted class (column), shaded by their share of the row.",
)
add_figure(
    "calibration",
    "Draw the reliability diagrams.\n\nAccuracy over confidence in 15 bins, before and "
    "after temperature scaling, and how many images each bin holds.",
)
add_figure(
    "worst-images",
    "Draw the images that were classified worst.\n\nUp to 25, highest loss first, each "
    "with its class, its place in the test set and what it was taken for.",
)
