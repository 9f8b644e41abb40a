"""A commit of anyone else is seen at once; nothing else is."""

import pytest
from sqlalchemy import Engine

from app.database.changes import Changes
from app.database.engine import open_database, read_session
from tests.factories import read_job, submitted_job


@pytest.fixture
def changes(engine: Engine) -> Changes:
    return Changes(engine)


def test_the_number_stays_while_nothing_is_committed(
    engine: Engine, changes: Changes
) -> None:
    job = submitted_job(engine)
    before = changes.number()

    read_job(engine, job.id)

    assert changes.number() == before
    changes.close()


def test_every_commit_changes_the_number(engine: Engine, changes: Changes) -> None:
    numbers = [changes.number()]

    for _job in range(3):
        submitted_job(engine)
        numbers.append(changes.number())

    assert None not in numbers
    assert len(set(numbers)) == 4
    changes.close()


def test_asking_keeps_no_snapshot_of_the_database(
    engine: Engine, changes: Changes
) -> None:
    changes.number()
    job = submitted_job(engine)
    changes.number()

    with read_session(engine) as session:
        busy, *_pages = session.connection().exec_driver_sql("PRAGMA wal_checkpoint")
        assert busy[0] == 0
    assert read_job(engine, job.id).id == job.id
    changes.close()


def test_a_database_that_is_not_there_tells_nothing() -> None:
    broken = Changes(open_database("sqlite:////nowhere/at/all.sqlite3"))

    assert broken.number() is None


def test_closing_twice_does_no_harm(changes: Changes) -> None:
    changes.number()

    changes.close()
    changes.close()
