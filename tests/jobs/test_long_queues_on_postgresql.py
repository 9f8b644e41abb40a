"""With ten thousand jobs that wait, PostgreSQL has list and claim from an index."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, inspect, text
from sqlmodel import SQLModel

from app import jobs
from app.database.engine import read_session
from app.jobs.leases import first_in_line
from app.states import JobStatus
from tests.jobs.examples import submit
from tests.jobs.test_long_queues import LATER, Question

MANY = 10_000
# What every copy has of its own; all else is the first job's.
OWN = {
    "id": "gen_random_uuid()",
    "created_at": "created_at - number * interval '1 second'",
    "dispatch_at": f"'{LATER.isoformat()}'",
}
QUESTIONS = ["who is first", "newest", "older", "newest that wait", "older that wait"]

pytestmark = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)


@pytest.fixture
def first(engine: Engine) -> UUID:
    """Submit a job, and let so many others wait; with statistics, as by its daemon."""
    first = submit(engine)
    names = [column["name"] for column in inspect(engine).get_columns("job")]
    assert set(names) == set(SQLModel.metadata.tables["job"].columns.keys())
    values = ", ".join(OWN.get(name, name) for name in names)
    copies = f"generate_series(1, {MANY}) number"
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO job ({', '.join(names)}) SELECT {values} FROM job, {copies}"
        )
        connection.exec_driver_sql("ANALYZE job")
    return first


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_page_and_no_claim_reads_or_sorts_every_job(
    engine: Engine, first: UUID, question: str
) -> None:
    waiting = JobStatus.QUEUED
    ask: dict[str, Question] = {
        "who is first": first_in_line,
        "newest": lambda session: jobs.list_jobs(session, 100, None, None),
        "older": lambda session: jobs.list_jobs(session, 100, first, None),
        "newest that wait": lambda session: jobs.list_jobs(session, 100, None, waiting),
        "older that wait": lambda session: jobs.list_jobs(session, 100, first, waiting),
    }

    steps = plan(engine, ask[question])

    assert any("Index" in step for step in steps)
    assert {"Seq Scan", "Sort", "Incremental Sort"} & set(steps) == set()


def plan(engine: Engine, ask: Question) -> list[str]:
    """Return the kinds of steps by which the database answers a question."""
    asked: list[tuple[str, Any]] = []

    def remember(_c: Any, _k: Any, statement: str, values: Any, *_others: Any) -> None:
        asked.append((statement, values))

    with read_session(engine) as session:
        session.execute(text("SELECT 1"))
        event.listen(engine, "before_cursor_execute", remember)
        ask(session)
        event.remove(engine, "before_cursor_execute", remember)
        plans = [
            session.connection()
            .exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values)
            .scalar_one()
            for statement, values in asked
        ]
    return [kind for [found] in plans for kind in steps_of(found["Plan"])]


def steps_of(node: dict[str, Any]) -> Iterator[str]:
    yield node["Node Type"]
    for below in node.get("Plans", []):
        yield from steps_of(below)
