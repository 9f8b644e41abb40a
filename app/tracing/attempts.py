"""The spans of one attempt at a job, told once it is over.

From the rows that it left, so that an attempt that was killed is traced like any other.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from app.models import EpochMetrics, Job, now
from app.states import Outcome


def trace_attempt(
    provider: TracerProvider,
    job: Job,
    epochs: Iterable[EpochMetrics],
    began_at: datetime,
    outcome: Outcome,
) -> None:
    """Make a span of the attempt and one of each of its epochs, after the submit's."""
    tracer = provider.get_tracer("modelmill")
    carrier = {"traceparent": job.traceparent or ""}
    span = tracer.start_span(
        "attempt",
        context=TraceContextTextMapPropagator().extract(carrier),
        start_time=nanoseconds(began_at),
        attributes={
            "modelmill.job_id": str(job.id),
            "modelmill.attempt": job.attempt,
            "modelmill.outcome": outcome,
        },
    )
    if outcome in {Outcome.FAILED, Outcome.LOST}:
        span.set_status(Status(StatusCode.ERROR, outcome))
    inside = set_span_in_context(span)
    for epoch in epochs:
        start = epoch.created_at - timedelta(seconds=epoch.seconds)
        tracer.start_span(
            "epoch",
            context=inside,
            start_time=nanoseconds(max(start, began_at)),
            attributes={
                "modelmill.epoch": epoch.epoch,
                "modelmill.train_loss": epoch.train_loss,
                "modelmill.val_accuracy": epoch.val_accuracy,
                "modelmill.images_per_second": epoch.images_per_second,
            },
        ).end(nanoseconds(epoch.created_at))
    span.end(nanoseconds(now()))


def nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1e9)
