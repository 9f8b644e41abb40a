"""A job is committed, then its message is sent; a lost message is sent again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.database.engine import open_database, write_session
from app.jobs.submit import DISPATCHED_AT_ONCE
from app.models import Job, now
from app.spec import JobRequest, TrainingSpec
from app.states import JobStatus
from tests.conftest import FakeQueue
from tests.jobs.examples import AT_ONCE, REDELIVERY, claimed, every_row, kinds, look

THREADS = 4


class LookingQueue(FakeQueue):
    """A queue whose worker looks the job up as soon as the message is there."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self.found: list[Job] = []

    def enqueue(self, job_id: UUID) -> None:
        self.found.append(look(self._engine, job_id))


@pytest.fixture
def looking(engine: Engine) -> Iterator[LookingQueue]:
    elsewhere = open_database(engine.url.render_as_string())
    yield LookingQueue(elsewhere)
    elsewhere.dispose()


def dispatch(engine: Engine, queue: FakeQueue, job_id: UUID) -> bool:
    with write_session(engine) as session:
        return jobs.dispatch_job(session, queue, job_id, REDELIVERY)


def test_a_submitted_job_waits_with_its_spec(engine: Engine, session: Session) -> None:
    request = JobRequest(epochs=3, seed=7)

    job = jobs.submit_job(session, request)

    assert look(engine, job.id).spec == TrainingSpec(epochs=3, seed=7)
    assert look(engine, job.id).status is JobStatus.QUEUED
    assert kinds(engine, job.id) == ["queued"]


def test_a_worker_that_is_told_finds_the_job_committed(
    session: Session, looking: LookingQueue
) -> None:
    job = jobs.submit_job(session, JobRequest())

    assert jobs.dispatch_job(session, looking, job.id, REDELIVERY)

    [found] = looking.found
    assert found.id == job.id
    assert found.dispatch_at > now()  # the dispatch itself was committed, too


def test_a_message_is_not_sent_twice_within_the_redelivery_time(
    session: Session, job_id: UUID, queue: FakeQueue
) -> None:
    assert jobs.dispatch_job(session, queue, job_id, REDELIVERY)
    assert not jobs.dispatch_job(session, queue, job_id, REDELIVERY)

    assert queue.enqueued == [job_id]
    assert jobs.find_undelivered(session) == []


def test_a_message_is_sent_again_when_the_redelivery_time_is_over(
    session: Session, job_id: UUID, queue: FakeQueue
) -> None:
    assert jobs.dispatch_job(session, queue, job_id, AT_ONCE)
    assert jobs.find_undelivered(session) == [job_id]
    assert jobs.dispatch_job(session, queue, job_id, AT_ONCE)

    assert queue.enqueued == [job_id, job_id]


def test_of_many_dispatchers_one_sends_the_message(
    engine: Engine, job_id: UUID, queue: FakeQueue
) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        sent = pool.map(lambda _: dispatch(engine, queue, job_id), range(THREADS))

    assert sorted(sent) == [False, False, False, True]
    assert queue.enqueued == [job_id]


def test_with_the_broker_away_the_job_stays_due(
    session: Session, job_id: UUID, queue: FakeQueue
) -> None:
    queue.is_away = True

    assert not jobs.dispatch_job(session, queue, job_id, REDELIVERY)

    assert jobs.find_undelivered(session) == [job_id]
    assert jobs.get_job(session, job_id).status is JobStatus.QUEUED


def test_a_job_that_is_not_queued_gets_no_message(
    session: Session, job_id: UUID, queue: FakeQueue
) -> None:
    claimed(session, job_id)

    assert not jobs.dispatch_job(session, queue, job_id, REDELIVERY)

    assert queue.enqueued == []
    assert jobs.find_undelivered(session) == []


def test_an_unknown_job_gets_no_message(
    engine: Engine, session: Session, queue: FakeQueue
) -> None:
    assert not jobs.dispatch_job(session, queue, uuid4(), REDELIVERY)

    assert queue.enqueued == []
    assert every_row(engine)["job"] == []


def test_the_job_that_waits_longest_for_its_message_is_told_first(
    session: Session,
) -> None:
    moment = now()
    for minutes in (2, 3, 1):
        due = moment - timedelta(minutes=minutes)
        session.add(Job(id=UUID(int=minutes), dispatch_at=due, spec=TrainingSpec()))
    session.commit()

    assert jobs.find_undelivered(session) == [UUID(int=n) for n in (3, 2, 1)]


def test_a_pass_takes_a_limited_number(session: Session) -> None:
    session.add_all([Job(spec=TrainingSpec()) for _ in range(DISPATCHED_AT_ONCE + 1)])
    session.commit()

    assert len(jobs.find_undelivered(session)) == DISPATCHED_AT_ONCE


def test_only_queued_jobs_are_counted(session: Session, job_id: UUID) -> None:
    jobs.submit_job(session, JobRequest())
    assert jobs.count_queued(session) == 2

    claimed(session, job_id)

    assert jobs.count_queued(session) == 1
