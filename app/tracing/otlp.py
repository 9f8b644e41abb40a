"""Spans to a collector, in batches, from a thread of their own."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

SEND_SECONDS = 5.0


def make_provider(endpoint: str, process: str) -> TracerProvider:
    """Send to `endpoint`/v1/traces, as OTLP over HTTP."""
    exporter = OTLPSpanExporter(
        endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=SEND_SECONDS
    )
    resource = Resource.create({"service.name": "modelmill", "process.role": process})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
