"""A trace leads from the request that submits a job to its epochs, if asked for."""

import subprocess
import sys
from collections.abc import Iterator
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.api.telemetry import is_untold
from app.errors import ServiceRefused
from app.main import create_app
from app.models import now
from app.settings import Settings
from app.states import Outcome
from app.tracing import open_tracing
from app.tracing.context import current_traceparent
from tests.factories import (
    claimed_job,
    finish_job,
    read_job,
    record_epoch,
    running_job,
    tiny_spec,
)
from tests.tracing.collector import Collector, running_collector
from worker.traces import Traces

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with running_collector() as collector:
        yield collector


@pytest.fixture
def traced(settings: Settings, collector: Collector) -> Settings:
    return settings.model_copy(update={"tracing_endpoint": collector.url})


def test_a_trace_leads_from_submit_to_epoch(
    traced: Settings, engine: Engine, collector: Collector
) -> None:
    with TestClient(create_app(traced)) as client:
        body = tiny_spec().model_dump(mode="json")
        headers = {"traceparent": f"00-{TRACE}-{SPAN}-01"}
        job_id = client.post("/jobs", json=body, headers=headers).json()["id"]
        client.get("/health/live")

    began_at, traces = now(), Traces(engine, traced)
    claim = claimed_job(engine, UUID(job_id))
    for epoch in (1, 2):
        record_epoch(engine, claim, epoch)
    finish_job(engine, claim)
    traces.tell(claim, began_at, Outcome.FINISHED)
    traces.close()

    [submit] = collector.named("POST /jobs")
    [attempt] = collector.named("attempt")
    first, second = collector.named("epoch")
    assert {span.trace_id.hex() for span in collector.spans} == {TRACE}
    assert submit.parent_span_id.hex() == SPAN
    assert attempt.parent_span_id == submit.span_id
    assert first.parent_span_id == second.parent_span_id == attempt.span_id
    assert attempt.start_time_unix_nano <= first.start_time_unix_nano
    assert second.end_time_unix_nano <= attempt.end_time_unix_nano
    assert len(collector.spans) == 4


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.FAILED])
def test_an_attempt_that_was_lost_is_told_as_an_error(
    traced: Settings, engine: Engine, collector: Collector, outcome: Outcome
) -> None:
    traces = Traces(engine, traced)
    with TestClient(create_app(traced)) as client:
        job_id = client.post("/jobs", json={}).json()["id"]
    claim = claimed_job(engine, UUID(job_id))

    traces.tell(claim, now(), outcome)
    traces.close()

    [attempt] = collector.named("attempt")
    assert (attempt.status.code, attempt.status.message) == (2, outcome)


def test_a_job_that_was_deleted_leaves_no_trace(
    traced: Settings, engine: Engine, collector: Collector
) -> None:
    traces, claim = Traces(engine, traced), running_job(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM job_event")
        connection.exec_driver_sql("DELETE FROM job")

    traces.tell(claim, now(), Outcome.FINISHED)
    traces.close()

    assert collector.named("attempt") == []


def test_a_trace_that_cannot_be_read_is_not_worth_a_failure(
    traced: Settings, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    traces, claim = Traces(engine, traced), running_job(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE epoch_metrics RENAME TO gone")

    traces.tell(claim, now(), Outcome.FINISHED)
    traces.close()

    assert "no trace of" in caplog.text


def test_without_a_collector_nothing_is_traced(
    settings: Settings, engine: Engine
) -> None:
    traces, claim = Traces(engine, settings), running_job(engine)

    traces.tell(claim, now(), Outcome.FINISHED)
    traces.close()

    assert open_tracing(settings, "api") is None
    assert current_traceparent() is None
    assert read_job(engine, claim.job_id).traceparent is None


def test_without_a_collector_the_worker_imports_nothing_of_it() -> None:
    program = (
        "import sys, worker.traces, worker.supervisor; "
        "sys.exit('app.tracing.otlp' in sys.modules "
        "or 'opentelemetry.exporter' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_collector_without_the_extra_is_refused(
    traced: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "app.tracing.otlp", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace.export", None)

    with pytest.raises(ServiceRefused, match=r"pip install 'modelmill\[tracing\]'"):
        open_tracing(traced, "api")


@pytest.mark.parametrize("path", ["/metrics", "/health/live", "/jobs/7/events"])
def test_a_request_that_only_watches_has_no_span(path: str) -> None:
    assert is_untold({"path": path})
