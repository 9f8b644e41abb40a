"""The page of numbers that Prometheus reads."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from app.api.deps import ServicesDep
from app.api.openapi import answers
from app.api.watch import Watcher
from app.metrics.families import process_families, shared_families
from app.metrics.page import CONTENT_TYPE, Family, single, write_page

router = APIRouter(tags=["system"])


@router.get(
    "/metrics", response_class=Response, responses={HTTPStatus.OK: answers.METRICS_PAGE}
)
def get_metrics(request: Request, services: ServicesDep) -> Response:
    """Show the service's numbers for Prometheus.

    Counts are of all api processes on the data directory, whichever of them answers;
    jobs, queue and workers are read from the database, at most once a second. While it
    is away, those are missing and `modelmill_database_up` is 0.
    """
    watcher: Watcher = request.app.state.watcher
    gauges = watcher.gauges(services)
    families = [
        *process_families(watcher.total(services.predictor)),
        Family(
            "modelmill_database_up",
            "gauge",
            "Whether the database answers.",
            single(gauges is not None),
        ),
        *(shared_families(gauges) if gauges is not None else ()),
    ]
    return Response(write_page(families), media_type=CONTENT_TYPE)
