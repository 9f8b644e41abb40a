"""Where a trace goes on in another process: one short text (W3C Trace Context)."""

from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator


def current_traceparent() -> str | None:
    """Return the span that this code runs in; None where nothing is traced."""
    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get("traceparent")
