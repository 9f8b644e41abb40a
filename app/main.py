"""The api process: `uvicorn --factory app.main:create_app`."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from app.api import (
    actions,
    catalogue,
    checkpoints,
    compare,
    dataset_uploads,
    datasets,
    events,
    export,
    jobs,
    keys,
    lineage,
    logs,
    models,
    predict,
    predictions,
    reports,
    system,
    workers,
)
from app.api.choices import Choices
from app.api.deps import Services
from app.api.docs import add_docs
from app.api.envelope import Envelope
from app.api.errors import add_error_handlers
from app.api.guard import Guard
from app.api.openapi import describe
from app.bulk.runner import BulkRunner
from app.database.engine import migrate, open_database
from app.events import RedisDoorbell
from app.intake import Validator
from app.keys.check import KeyCheck
from app.keys.first import demand_first_key
from app.queue import CeleryQueue
from app.reconciler import Reconciler
from app.settings import Settings
from app.vision.predictor import Limits, Predictor

MODULES = (
    actions,
    compare,  # before the job whose id would be "compare"
    jobs,
    catalogue,
    checkpoints,
    export,
    models,
    reports,
    lineage,
    events,
    logs,
    workers,
    keys,
    datasets,
    system,
)


class Service(FastAPI):
    """FastAPI with our own document, behind a door, in an envelope for refusals."""

    def openapi(self) -> dict[str, Any]:
        self.openapi_schema = self.openapi_schema or describe(self.routes)
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        return Envelope(Guard(super().build_middleware_stack()))


def create_app(settings: Settings | None = None) -> FastAPI:
    """Assemble the application; the only place where its parts meet."""
    settings = settings or Settings()
    engine = open_database(settings.resolved_database_url)
    services = Services(
        settings=settings,
        engine=engine,
        queue=CeleryQueue(settings.resolved_redis_url),
        doorbell=RedisDoorbell(settings.resolved_redis_url),
        predictor=Predictor(limits_of(settings)),
        choices=Choices(engine),
        keys=KeyCheck(engine),
        validator=Validator(engine, settings),
    )
    app = Service(
        lifespan=lambda _app: lifespan(services),
        generate_unique_id_function=operation_id,
        max_body_size=settings.max_body_bytes,
        openapi_url=None,
    )
    app.state.services = services
    # First, since routes are tried in order and this one has to be quick.
    app.include_router(predict.router, max_body_size=settings.max_upload_bytes)
    app.include_router(predictions.router, max_body_size=settings.max_bulk_bytes)
    app.include_router(dataset_uploads.router, max_body_size=settings.max_dataset_bytes)
    for module in MODULES:
        app.include_router(module.router)
    add_docs(app)
    add_error_handlers(app)
    return app


def lifespan(services: Services) -> AbstractAsyncContextManager[None]:
    """Bring the schema up to date, then reconcile for as long as the app runs."""

    @asynccontextmanager
    async def run() -> AsyncIterator[None]:
        migrate(services.engine)
        if services.settings.auth == "on":
            demand_first_key(services.engine, services.settings.data_dir)
        parts = (services.engine, services.queue, services.doorbell, services.settings)
        bulk = BulkRunner(services.engine, services.settings, services.bulk_bell)
        reconciler, validator = Reconciler(*parts), services.validator
        with reconciler.running(), validator.running(), bulk.running():
            yield
        services.choices.close()
        services.engine.dispose()

    return run()


def limits_of(settings: Settings) -> Limits:
    return Limits(
        memory_bytes=settings.predictor_bytes,
        largest_batch=settings.predictor_batch,
        most_waiting=settings.predictor_queue,
    )


def operation_id(route: APIRoute) -> str:
    """Name an operation for generated clients: create_job is createJob."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)
