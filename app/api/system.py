"""Whether the service is alive and ready."""

from http import HTTPStatus

from fastapi import APIRouter

from app.api.deps import ServicesDep
from app.api.openapi import answers
from app.api.openapi.refusals import problems
from app.api.schemas import Health
from app.database.engine import is_writable
from app.errors import DatabaseUnavailable, QueueUnavailable

router = APIRouter(tags=["system"])


@router.get("/healthz", responses={HTTPStatus.OK: answers.HEALTH})
async def get_health() -> Health:
    """Say that the process is alive.

    Touches nothing else: an answer means that restarting would not help.
    """
    return Health()


@router.get(
    "/readyz",
    responses={HTTPStatus.OK: answers.READINESS, **problems(DatabaseUnavailable())},
)
def get_readiness(services: ServicesDep) -> Health:
    """Say whether jobs are accepted.

    Without Redis they are, and wait for it; without the database they are not.
    """
    if not is_writable(services.engine):
        raise DatabaseUnavailable
    try:
        services.queue.depth()
    except QueueUnavailable:
        return Health(degraded=["redis"])
    return Health()
