"""Workers show themselves; one that is silent counts as dead and is forgotten."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.jobs import WorkerView
from app.models import Worker, now
from tests.jobs.examples import claimed, crash, submit

FRESH = timedelta(seconds=10)


def worker(number: int) -> Worker:
    return Worker(id=f"worker-{number}", host="h", pid=number, device="cpu")


def silent(session: Session, number: int, silence: timedelta) -> None:
    row = worker(number)
    row.heartbeat_at = now() - silence
    session.add(row)
    session.commit()


def views(session: Session) -> list[WorkerView]:
    return jobs.list_workers(session, FRESH)


def ids(session: Session) -> list[str]:
    return [view.worker.id for view in views(session)]


def test_a_worker_that_shows_itself_is_alive(session: Session) -> None:
    before = now()

    jobs.show_worker(session, worker(1))

    [view] = views(session)
    assert (view.worker.id, view.is_alive, view.current_jobs) == ("worker-1", True, [])
    assert view.worker.heartbeat_at >= before


def test_a_worker_that_shows_itself_again_is_one_worker(session: Session) -> None:
    row = worker(1)
    jobs.show_worker(session, row)
    [first] = views(session)
    heartbeat, started_at = first.worker.heartbeat_at, first.worker.started_at

    jobs.show_worker(session, row)

    [view] = views(session)
    assert view.worker.heartbeat_at > heartbeat
    assert view.worker.started_at == started_at


def test_a_silent_worker_counts_as_dead(session: Session) -> None:
    silent(session, 1, FRESH + timedelta(seconds=1))
    silent(session, 2, FRESH - timedelta(seconds=5))

    assert [view.is_alive for view in views(session)] == [True, False]


def test_the_last_heard_of_comes_first(session: Session) -> None:
    for number, seconds in ((1, 20), (2, 5), (3, 10)):
        silent(session, number, timedelta(seconds=seconds))

    assert ids(session) == ["worker-2", "worker-3", "worker-1"]


def test_a_worker_names_the_jobs_that_it_holds(
    engine: Engine, session: Session
) -> None:
    jobs.show_worker(session, worker(1))
    jobs.show_worker(session, worker(2))
    submit(engine)
    claim = claimed(session, submit(engine))

    held = {view.worker.id: view.current_jobs for view in views(session)}
    assert held == {"worker-1": [claim.job_id], "worker-2": []}

    crash(session, claim)

    assert [view.current_jobs for view in views(session)] == [[], []]


def test_a_worker_is_forgotten_after_its_time(session: Session) -> None:
    day = timedelta(days=1)
    silent(session, 1, day + timedelta(minutes=1))
    silent(session, 2, day - timedelta(minutes=1))

    jobs.forget_workers(session, day)

    assert ids(session) == ["worker-2"]
