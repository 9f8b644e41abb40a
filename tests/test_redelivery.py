"""The reconciler sends lost messages again, now and then, for as long as it runs."""

import threading
from collections.abc import Callable
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app import jobs
from app.database.engine import migrate, open_database, write_session
from app.reconciler import Reconciler
from app.settings import Settings
from tests.conftest import FakeDoorbell, FakeQueue
from tests.jobs.examples import look, submit

PATIENCE = 10  # seconds, far more than any of it takes
OFTEN = {"reconcile_seconds": 0.01}


class ActingQueue(FakeQueue):
    """A queue with messages in its broker, and a consequence of each new one."""

    def __init__(self, waiting: int, act: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._waiting = waiting
        self._act = act

    def depth(self) -> int:
        return self._waiting

    def enqueue(self, job_id: UUID) -> None:
        super().enqueue(job_id)
        self._act()


class TwoPasses(Event):
    """A stop that comes after two passes, with something done before the second."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self._waits = iter([lambda: None, act])

    def wait(self, timeout: float | None = None) -> bool:
        next(self._waits, self.set)()
        return super().wait(timeout)


@pytest.fixture
def reconciler(
    engine: Engine, queue: FakeQueue, doorbell: FakeDoorbell, settings: Settings
) -> Reconciler:
    return Reconciler(engine, queue, doorbell, settings)


def test_a_lost_message_is_sent_once_until_it_is_due_again(
    engine: Engine, reconciler: Reconciler, queue: FakeQueue
) -> None:
    job_id = submit(engine)

    reconciler.reconcile()
    reconciler.reconcile()

    assert queue.enqueued == [job_id]


@pytest.mark.parametrize(("waiting", "sent"), [(0, 2), (1, 2), (2, 0), (3, 0)])
def test_nothing_is_sent_while_a_message_waits_for_each_queued_job(
    engine: Engine, settings: Settings, waiting: int, sent: int
) -> None:
    queue = ActingQueue(waiting)
    submit(engine)
    submit(engine)

    Reconciler(engine, queue, FakeDoorbell(), settings).reconcile()

    assert len(queue.enqueued) == sent


def test_with_the_broker_away_nothing_is_changed(
    engine: Engine, reconciler: Reconciler, queue: FakeQueue
) -> None:
    job_id = submit(engine)
    before = look(engine, job_id)
    queue.is_away = True

    reconciler.reconcile()

    assert look(engine, job_id) == before


def test_a_broker_that_goes_away_in_between_leaves_the_rest_due(
    engine: Engine, settings: Settings
) -> None:
    first, second = submit(engine), submit(engine)
    queue = ActingQueue(0, lambda: setattr(queue, "is_away", True))

    Reconciler(engine, queue, FakeDoorbell(), settings).reconcile()

    assert queue.enqueued == [first]
    with write_session(engine) as session:
        assert jobs.find_undelivered(session) == [second]


def test_a_database_that_is_away_is_tried_again(settings: Settings) -> None:
    engine = open_database(settings.resolved_database_url)
    queue = FakeQueue()
    submitted: list[UUID] = []

    def repair() -> None:
        migrate(engine)
        submitted.append(submit(engine))

    often = settings.model_copy(update=OFTEN)
    Reconciler(engine, queue, FakeDoorbell(), often).run(TwoPasses(repair))

    assert queue.enqueued == submitted != []
    engine.dispose()


def test_it_runs_beside_its_block_and_no_longer(
    engine: Engine, settings: Settings
) -> None:
    often = settings.model_copy(update=OFTEN)
    sent = Event()
    job_id = submit(engine)
    queue = ActingQueue(0, sent.set)

    with Reconciler(engine, queue, FakeDoorbell(), often).running():
        assert sent.wait(PATIENCE)

    assert queue.enqueued == [job_id]
    assert "reconciler" not in {thread.name for thread in threading.enumerate()}
