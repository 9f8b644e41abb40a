"""Whether the service is alive and ready."""

from fastapi import APIRouter

from app.api.deps import ServicesDep
from app.api.schemas import Health
from app.database.engine import is_writable
from app.errors import DatabaseUnavailable, QueueUnavailable

router = APIRouter(tags=["system"])


@router.get("/healthz")
async def get_health() -> Health:
    """Answer as long as the process is alive; touches nothing else."""
    return Health()


@router.get("/readyz")
def get_readiness(services: ServicesDep) -> Health:
    """Say whether jobs are accepted; without Redis they are, and wait."""
    if not is_writable(services.engine):
        raise DatabaseUnavailable
    try:
        services.queue.depth()
    except QueueUnavailable:
        return Health(degraded=["redis"])
    return Health()
