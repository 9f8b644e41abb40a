"""An event is numbered by the change that it tells: no gap, no number twice."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col

from app import jobs
from app.database.engine import read_session, write_session
from app.jobs import Claim
from app.jobs.moves import News, change_job, stands_at, update_job
from app.models import Job
from app.spec import JobRequest
from app.states import JobStatus
from tests.jobs.examples import every_row, kinds, look

THREADS = 4
CHANGES = 10


def change_often(engine: Engine, job_id: UUID) -> None:
    for _ in range(CHANGES):
        with write_session(engine) as session:
            change_job(session, [col(Job.id) == job_id], {}, News("changed"))
            session.commit()


def test_events_are_numbered_from_one_without_a_gap(
    engine: Engine, job_id: UUID
) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        done = [pool.submit(change_often, engine, job_id) for _ in range(THREADS)]

    assert [future.result() for future in done] == [None] * THREADS
    with read_session(engine) as session:
        events = jobs.list_events(session, job_id, after=0)
    assert [event.number for event in events] == list(range(1, THREADS * CHANGES + 2))
    assert look(engine, job_id).event_count == THREADS * CHANGES + 1


def test_an_event_carries_the_attempt_that_it_tells_of(
    session: Session, claim: Claim
) -> None:
    events = jobs.list_events(session, claim.job_id, after=0)

    assert [event.attempt for event in events] == [0, 1]


def test_events_can_be_read_on_from_a_number(session: Session, claim: Claim) -> None:
    [event] = jobs.list_events(session, claim.job_id, after=1)

    assert (event.number, event.kind) == (2, "running")
    assert jobs.list_events(session, claim.job_id, after=2) == []


def test_the_events_of_a_job_are_its_own(session: Session, claim: Claim) -> None:
    other = jobs.submit_job(session, JobRequest())

    assert len(jobs.list_events(session, other.id, after=0)) == 1


def test_a_refused_change_tells_nothing(
    engine: Engine, session: Session, job_id: UUID
) -> None:
    before = every_row(engine)
    where = stands_at(job_id, JobStatus.RUNNING)  # a queued job does not

    assert change_job(session, where, {"epoch": 9}, News("succeeded")) is None
    session.commit()

    assert every_row(engine) == before


def test_a_change_and_its_event_are_committed_together(
    engine: Engine, session: Session, job_id: UUID
) -> None:
    change_job(session, [col(Job.id) == job_id], {"epoch": 9}, News("changed"))
    session.rollback()

    assert look(engine, job_id).epoch == 0
    assert kinds(engine, job_id) == ["queued"]


def test_an_update_says_whether_its_condition_held(
    session: Session, job_id: UUID
) -> None:
    here = [col(Job.id) == job_id]

    assert update_job(session, [*here, col(Job.attempt) == 0], {"attempt": 1})
    assert not update_job(session, [*here, col(Job.attempt) == 0], {"attempt": 2})
