"""What FastAPI traces of requests: those that lead to something, if anything."""

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from fastapi.telemetry import TelemetryConfig

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

PAGES = ("/docs", "/redoc", "/static/")
WATCHED = ("/health", "/metrics", "/readyz", "/openapi.json", *PAGES)


def telemetry_of(tracing: "TracerProvider | None") -> TelemetryConfig:
    """Return FastAPI's switches; what the environment says of OTel does not count."""
    return TelemetryConfig(
        tracing=tracing is not None,
        tracer_provider=tracing,
        metrics=False,
        logs=False,
        operation_spans=False,
        auto_configure=False,
        exclude=is_untold,
    )


def is_untold(scope: MutableMapping[str, Any]) -> bool:
    """Say whether a request only watches: its span would tell nothing, and often."""
    path: str = scope["path"]
    return path.startswith(WATCHED) or path.endswith("/events")
