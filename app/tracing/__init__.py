"""Traces from submit to epoch, sent to an OTLP collector; nothing unless asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

from app.errors import ServiceRefused
from app.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider


def open_tracing(settings: Settings, process: str) -> "TracerProvider | None":
    """Return what sends spans, or None where no collector is named.

    OpenTelemetry's SDK is an extra, and is imported only here.

    Raises:
        ServiceRefused: A collector is named, but the extra is not installed.
    """
    if settings.tracing_endpoint is None:
        return None
    try:
        module = import_module("app.tracing.otlp")
    except ImportError as error:
        raise ServiceRefused(
            "MODELMILL_TRACING_ENDPOINT needs `pip install 'modelmill[tracing]'`: "
            f"{error}"
        ) from error
    provider: TracerProvider = module.make_provider(settings.tracing_endpoint, process)
    return provider
