"""The doctor tells living workers from rows, by any clock, and looks at their GPUs."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app import jobs
from app.database.engine import write_session
from app.doctor.finding import Finding, Verdict
from app.doctor.workers import examine_gpu, examine_workers
from app.models import Worker, now
from app.settings import Settings


def beat(engine: Engine, name: str, by: timedelta = timedelta(0)) -> None:
    """Write a worker's heartbeat, by a clock that differs."""
    worker = Worker(id=name, host=name, pid=1, device="cpu")
    with write_session(engine) as session:
        jobs.show_worker(session, worker)
        row = session.get(Worker, name)
        assert row is not None
        row.heartbeat_at = now() + by
        session.add(row)
        session.commit()


def found(
    engine: Engine, settings: Settings, *alive: tuple[str, timedelta]
) -> list[Finding]:
    """Examine while those who live show themselves again."""

    def go_on(_seconds: float) -> None:
        for name, by in alive:
            beat(engine, name, by)

    return [
        finding
        for finding in examine_workers(engine, settings, go_on)
        if finding.part != "gpu"
    ]


def test_without_a_worker_no_job_starts(engine: Engine, settings: Settings) -> None:
    [finding] = found(engine, settings)

    assert finding.verdict is Verdict.FAILURE
    assert "modelmill worker" in finding.remedy


def test_a_row_that_stands_still_is_no_worker(
    engine: Engine, settings: Settings
) -> None:
    beat(engine, "dead", timedelta(hours=1))

    [finding] = found(engine, settings)

    assert finding.verdict is Verdict.FAILURE


def test_workers_that_go_on_are_counted_with_their_devices(
    engine: Engine, settings: Settings
) -> None:
    beat(engine, "dead")
    both = [(name, timedelta(0)) for name in ("a", "b")]

    workers, clocks = found(engine, settings, *both)

    assert workers.message == "2 alive: a (cpu), b (cpu)."
    assert {workers.verdict, clocks.verdict} == {Verdict.OK}


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_clock_that_differs_is_named_and_its_worker_alive(
    engine: Engine, settings: Settings, minutes: int
) -> None:
    workers, clocks = found(engine, settings, ("odd", timedelta(minutes=minutes)))

    assert workers.verdict is Verdict.OK
    assert clocks.verdict is Verdict.WARNING
    assert "The clock of odd differs" in clocks.message
    seconds = float(clocks.message.split("by ")[1].split(" s")[0])
    assert seconds == pytest.approx(60 * minutes, abs=10)


@pytest.mark.parametrize(
    ("devices", "verdict"),
    [
        (["cpu", "cpu"], Verdict.WARNING),
        (["cpu", "NVIDIA H100"], Verdict.OK),
        ([], Verdict.OK),
    ],
)
def test_a_gpu_that_no_worker_uses_is_a_warning(
    devices: list[str], verdict: Verdict
) -> None:
    workers = [
        Worker(id=str(place), host="here", pid=1, device=device)
        for place, device in enumerate(devices)
    ]
    elsewhere = Worker(id="z", host="there", pid=1, device="cpu")

    assert examine_gpu([*workers, elsewhere], "here").verdict is verdict


def test_where_there_is_a_driver_the_gpu_is_looked_at(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: name)

    findings = list(
        examine_workers(engine, settings, lambda _: beat(engine, "elsewhere"))
    )

    assert findings[-1].part == "gpu"
