"""Where a database lets two workers look at once, the slower one looks again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlmodel import SQLModel

from app import jobs
from app.database.engine import open_database, write_session
from app.jobs import Claim, Lease
from tests.database.otherdb import URL
from tests.jobs.examples import LEASE, submit


@pytest.fixture
def lax(tmp_path: Path) -> Iterator[Engine]:
    """Give a database that takes no lock before the first write."""
    engine = open_database(f"{URL}/{tmp_path / 'lax'}")
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


def take(engine: Engine, worker_id: str) -> Claim | None:
    with write_session(engine) as session:
        return jobs.claim_next(session, Lease(worker_id, LEASE))


def test_a_worker_that_comes_too_late_takes_the_next_job(lax: Engine) -> None:
    first, second = submit(lax), submit(lax)
    faster: list[Claim | None] = []

    def come_between(
        _connection: object, _cursor: object, sql: str, *_: object
    ) -> None:
        if sql.startswith("UPDATE") and not faster:
            faster.append(None)
            faster[0] = take(lax, "faster")

    event.listen(lax, "before_cursor_execute", come_between)

    assert take(lax, "slower") == Claim(second, 1)
    assert faster == [Claim(first, 1)]
