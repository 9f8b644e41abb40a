"""Whether the service is alive and ready."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from app.api.deps import ServicesDep
from app.api.health import Inspector, PartStatus, Readiness, refuse
from app.api.openapi import answers
from app.api.openapi.refusals import problems
from app.api.schemas import Health
from app.errors import DatabaseUnavailable

router = APIRouter(tags=["system"])


@router.get("/healthz", include_in_schema=False)
@router.get("/health/live", responses={HTTPStatus.OK: answers.HEALTH})
async def get_health() -> Health:
    """Say that the process is alive.

    Touches nothing else: an answer means that restarting would not help.
    """
    return Health()


@router.get("/readyz", include_in_schema=False, response_model=Readiness)
@router.get(
    "/health/ready",
    response_model=Readiness,
    responses={HTTPStatus.OK: answers.READINESS, **problems(DatabaseUnavailable())},
)
async def get_readiness(
    request: Request, services: ServicesDep
) -> Readiness | Response:
    """Say whether jobs are accepted, and how each part of the service is.

    Without Redis, or with little room on the disk, the service is degraded: the answer
    is still 200. Without its database it is not ready, and `errors` says of each part
    what is wrong. The answer comes within a few seconds, whatever hangs.
    """
    inspector: Inspector = request.app.state.inspector
    readiness = Readiness.of(await inspector.inspect(services))
    if readiness.status is PartStatus.UNAVAILABLE:
        return refuse(request, readiness)
    return readiness
