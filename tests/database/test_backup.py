"""A backup is a whole database of one moment, or there is none."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col

from app import jobs
from app.database.engine import (
    backup,
    demand_integrity,
    open_database,
    read_session,
    write_session,
)
from app.errors import DatabaseRefused
from app.jobs.moves import News, change_job
from app.models import Job
from tests.database.otherdb import URL
from tests.jobs.examples import every_row, submit


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "copy.sqlite3"


@pytest.fixture(autouse=True)
def directory(copy: Path) -> Path:
    copy.parent.mkdir()
    return copy.parent


@pytest.fixture
def job_id(engine: Engine) -> UUID:
    return submit(engine)


@pytest.fixture
def written(engine: Engine, job_id: UUID) -> Iterator[Event]:
    """Let another thread change the job without rest; set once it has begun."""
    begun, stop = Event(), Event()

    def write() -> None:
        while not stop.is_set():
            with write_session(engine) as session:
                change_job(session, [col(Job.id) == job_id], {}, News("changed"))
                session.commit()
            begun.set()

    thread = Thread(target=write)
    thread.start()
    yield begun
    stop.set()
    thread.join()


def opened(path: Path) -> Engine:
    return open_database(f"sqlite:///{path}")


def count_events(session: Session, job_id: UUID) -> tuple[int, list[int]]:
    numbers = [event.number for event in jobs.list_events(session, job_id, after=0)]
    return jobs.get_job(session, job_id).event_count, numbers


def test_a_backup_holds_every_row(engine: Engine, job_id: UUID, copy: Path) -> None:
    backup(engine, copy)

    restored = opened(copy)
    assert every_row(restored) == every_row(engine)
    restored.dispose()
    assert [file.name for file in copy.parent.iterdir()] == [copy.name]


def test_a_backup_under_load_is_of_one_moment(
    engine: Engine, job_id: UUID, copy: Path, written: Event
) -> None:
    assert written.wait(10)
    for _ in range(3):
        backup(engine, copy)

        restored = opened(copy)
        demand_integrity(restored)
        with read_session(restored) as session:
            count, numbers = count_events(session, job_id)
        restored.dispose()
        assert numbers == list(range(1, count + 1))
        assert count > 1


def test_an_older_backup_and_a_broken_one_are_replaced(
    engine: Engine, job_id: UUID, copy: Path
) -> None:
    copy.write_bytes(b"older")
    partial = copy.with_name(f"{copy.name}.partial")
    partial.write_bytes(b"broken")

    backup(engine, copy)

    restored = opened(copy)
    demand_integrity(restored)
    restored.dispose()
    assert not partial.exists()


@pytest.mark.parametrize("place", ["missing/copy", "file/copy", "folder"])
def test_a_place_that_takes_no_file_is_refused(
    engine: Engine, directory: Path, place: str
) -> None:
    (directory / "file").write_bytes(b"kept")
    (directory / "folder").mkdir()

    with pytest.raises(DatabaseRefused, match=f"Cannot write the backup .*{place}: "):
        backup(engine, directory / place)

    left = sorted(path.name for path in directory.iterdir())
    assert left == ["file", "folder"]


def test_what_is_no_database_is_not_backed_up(tmp_path: Path, copy: Path) -> None:
    path = tmp_path / "garbage.sqlite3"
    path.write_bytes(b"certainly not a database\n" * 100)
    engine = opened(path)

    with pytest.raises(DatabaseRefused, match="file is not a database"):
        backup(engine, copy)

    assert not copy.exists()
    engine.dispose()


def test_a_database_that_is_not_there_is_not_made_for_its_backup(
    tmp_path: Path, copy: Path
) -> None:
    path = tmp_path / "nothing.sqlite3"

    with pytest.raises(DatabaseRefused, match=f"There is no database {path}"):
        backup(opened(path), copy)

    assert not path.exists()
    assert not copy.exists()


def test_another_database_has_its_own_tools(copy: Path) -> None:
    with pytest.raises(DatabaseRefused, match="use pg_dump for others"):
        backup(open_database(URL), copy)
