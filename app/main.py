"""The api process: `uvicorn --factory app.main:create_app`."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from app.api import (
    actions,
    audit,
    catalogue,
    checkpoints,
    compare,
    dataset_uploads,
    datasets,
    deliveries,
    events,
    export,
    imports,
    inside,
    jobs,
    keys,
    lineage,
    logs,
    metrics,
    models,
    page,
    predict,
    predictions,
    reports,
    system,
    webhooks,
    workers,
)
from app.api.auditor import Auditor
from app.api.choices import Choices
from app.api.connection import BOUNDS, Bounds
from app.api.cors import Cors
from app.api.deps import Services
from app.api.docs import add_docs
from app.api.envelope import Envelope
from app.api.errors import add_error_handlers
from app.api.guard import Guard
from app.api.health import Inspector
from app.api.openapi import describe
from app.api.operation_ids import operation_id
from app.api.rates import policies_of
from app.api.shortcut import Shortcut
from app.api.telemetry import telemetry_of
from app.api.turns import Turns
from app.api.watch import Watcher, make_watcher
from app.bulk.runner import BulkRunner
from app.database.engine import migrate, open_database
from app.events import RedisDoorbell
from app.intake import Validator
from app.keys.check import KeyCheck
from app.keys.first import demand_first_key
from app.logs import logging_to_stderr
from app.queue import CeleryQueue
from app.rates.limiter import RateLimiter
from app.rates.shared import RedisBuckets
from app.reconciler import Reconciler
from app.settings import Settings
from app.tracing import open_tracing
from app.vision.predictor import Limits, Predictor
from app.webhooks.sender import WebhookSender

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

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
    audit,
    webhooks,
    deliveries,
    datasets,
    system,
    metrics,
    page,
)


class Service(FastAPI):
    """FastAPI with our own document, behind a door, in an envelope for refusals."""

    def openapi(self) -> dict[str, Any]:
        self.openapi_schema = self.openapi_schema or describe(self.routes)
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        watcher: Watcher = self.state.watcher
        settings: Settings = self.state.services.settings
        stack: ASGIApp = Auditor(super().build_middleware_stack())
        if not self.state.is_traced:  # a span begins among the layers left out
            [route] = [r for r in predict.router.routes if isinstance(r, APIRoute)]
            stack = Shortcut(stack, route, settings.max_upload_bytes)
        inside = Cors(Guard(stack), settings.cors_origins)
        return Envelope(inside, watcher.notice)


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
        limiter=limiter_of(settings),
        uploads=uploads_of(settings),
        decoding=decoding_of(settings),
    )
    tracing, watcher = open_tracing(settings, "api"), make_watcher(settings)
    app = Service(
        lifespan=lambda _app: lifespan(services, watcher, tracing),
        telemetry=telemetry_of(tracing),
        generate_unique_id_function=operation_id,
        max_body_size=settings.max_body_bytes,
        openapi_url=None,
    )
    app.state.services = services
    app.state.watcher = watcher
    app.state.inspector = Inspector()
    app.state.is_traced = tracing is not None
    # First, since routes are tried in order and this one has to be quick.
    for uploads in (predict, inside):
        app.include_router(uploads.router, max_body_size=settings.max_upload_bytes)
    app.include_router(predictions.router, max_body_size=settings.max_bulk_bytes)
    app.include_router(dataset_uploads.router, max_body_size=settings.max_dataset_bytes)
    app.include_router(imports.router, max_body_size=settings.max_import_bytes)
    for module in MODULES:
        app.include_router(module.router)
    add_docs(app)
    add_error_handlers(app)
    return app


def lifespan(
    services: Services, watcher: Watcher, tracing: "TracerProvider | None"
) -> AbstractAsyncContextManager[dict[str, Bounds]]:
    """Bring the schema up to date, then reconcile for as long as the app runs."""

    @asynccontextmanager
    async def run() -> AsyncIterator[dict[str, Bounds]]:
        settings, validator = services.settings, services.validator
        parts = (services.engine, services.queue, services.doorbell, settings)
        publishing = watcher.publishing(services.predictor)
        bulk = BulkRunner(services.engine, settings, services.bulk_bell)
        hooks = WebhookSender(services.engine, settings, services.webhook_bell)
        with logging_to_stderr(settings.log_format, settings.log_level):
            migrate(services.engine)
            if settings.auth == "on":
                demand_first_key(services.engine, settings.data_dir)
            reconciler = Reconciler(*parts)
            with (
                reconciler.running(),
                validator.running(),
                bulk.running(),
                hooks.running(),
                publishing,
            ):
                # What lives as long as the process is no garbage: the collector would
                # go through all of it while nobody is answered, for 50 ms and more.
                gc.freeze()
                yield {BOUNDS: bounds_of(settings)}
                gc.unfreeze()
        services.choices.close()
        services.engine.dispose()
        if tracing is not None:
            tracing.shutdown()

    return run()


def limits_of(settings: Settings) -> Limits:
    return Limits(
        memory_bytes=settings.predictor_bytes,
        largest_batch=settings.predictor_batch,
        most_waiting=settings.predictor_queue,
    )


def bounds_of(settings: Settings) -> Bounds:
    return Bounds(settings.max_connections, settings.client_seconds)


def limiter_of(settings: Settings) -> RateLimiter:
    buckets = RedisBuckets(settings.resolved_redis_url)
    return RateLimiter(policies_of(settings), buckets, settings.rate_without_redis)


def uploads_of(settings: Settings) -> Turns:
    return Turns(settings.upload_memory_bytes, settings.busy_seconds)


def decoding_of(settings: Settings) -> Turns:
    return Turns(settings.decoders or os.cpu_count() or 1, settings.busy_seconds)
