"""However many jobs wait, nobody sorts or reads them all: an index has each answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, text
from sqlmodel import Session

from app import jobs
from app.database.engine import read_session
from app.jobs.leases import first_in_line
from app.jobs.workers import list_workers
from app.models import Job, now
from app.spec import TrainingSpec
from app.states import JobStatus

FRESH = timedelta(seconds=10)
SPEC = TrainingSpec(seed=1)
FIRST = UUID(int=0)
MANY = 500
LATER = now() + timedelta(days=1)

Question = Callable[[Session], object]
QUESTIONS: dict[str, Question] = {
    "who is first": first_in_line,
    "how many wait": jobs.count_queued,
    "who was not told": jobs.find_undelivered,
    "who is held": jobs.list_held_leases,
    "the newest": lambda session: jobs.list_jobs(session, 100, None, None),
    "an older page": lambda session: jobs.list_jobs(session, 100, FIRST, None),
    "the newest that wait": lambda session: jobs.list_jobs(
        session, 100, None, JobStatus.QUEUED
    ),
    "an older page of them": lambda session: jobs.list_jobs(
        session, 100, FIRST, JobStatus.QUEUED
    ),
    "a place": lambda session: jobs.place_in_queue(
        session, jobs.get_job(session, FIRST), FRESH
    ),
    "who works": lambda session: list_workers(session, FRESH),
}

# The plans of PostgreSQL change with its statistics.
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def queue(engine: Engine, session: Session) -> Engine:
    """Let many jobs wait, all of them told to a worker."""
    waiting = [
        Job(id=UUID(int=number), spec=SPEC, epochs=SPEC.epochs, dispatch_at=LATER)
        for number in range(MANY)
    ]
    session.add_all(waiting)
    session.commit()
    return engine


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_makes_the_database_read_or_sort_every_job(
    queue: Engine, question: str
) -> None:
    steps = plan(queue, QUESTIONS[question])

    assert steps
    assert [step for step in steps if step == "SCAN job"] == []
    assert [step for step in steps if "TEMP B-TREE FOR ORDER BY" in step] == SORTS.get(
        question, []
    )


# Only those that are due, and those that a worker holds: a few.
SORTS = {
    "who was not told": ["USE TEMP B-TREE FOR ORDER BY"],
    "who is held": ["USE TEMP B-TREE FOR ORDER BY"],
    "who works": ["USE TEMP B-TREE FOR ORDER BY"],
}


def test_a_place_in_the_line_is_counted_in_the_index_alone(queue: Engine) -> None:
    steps = plan(queue, QUESTIONS["a place"])

    assert any("COVERING INDEX ix_job_line" in step for step in steps)


def plan(engine: Engine, ask: Question) -> list[str]:
    """Return the steps by which the database answers every statement of a question."""
    asked: list[tuple[str, Any]] = []

    def remember(_c: Any, _k: Any, statement: str, values: Any, *_others: Any) -> None:
        asked.append((statement, values))

    with read_session(engine) as session:
        session.execute(text("SELECT 1"))
        event.listen(engine, "before_cursor_execute", remember)
        ask(session)
        event.remove(engine, "before_cursor_execute", remember)
        connection = session.connection()
        rows = [
            row
            for statement, values in asked
            for row in connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", values
            )
        ]
    return [row[-1] for row in rows]
