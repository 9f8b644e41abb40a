"""The route that shows the workers."""

from http import HTTPStatus

from fastapi import APIRouter

from app import jobs
from app.api.deps import ReadSession, ServicesDep
from app.api.listings import listing_of
from app.api.openapi import answers
from app.api.openapi.refusals import problems
from app.api.schemas import Listing, WorkerPublic
from app.errors import DatabaseUnavailable

router = APIRouter(
    prefix="/workers", tags=["system"], responses=problems(DatabaseUnavailable())
)


@router.get("", responses={HTTPStatus.OK: answers.WORKERS})
def list_workers(session: ReadSession, services: ServicesDep) -> Listing[WorkerPublic]:
    """List the workers, the last heard of first.

    A worker that has not shown itself for a lease is not alive; it is forgotten after
    a day.
    """
    views = jobs.list_workers(session, services.worker_freshness)
    workers = [
        WorkerPublic(
            **view.worker.model_dump(exclude={"pid"}),
            is_alive=view.is_alive,
            current_jobs=view.current_jobs,
        )
        for view in views
    ]
    return listing_of(workers)
