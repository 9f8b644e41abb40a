"""A backup taken under load is a whole installation once it is in its place."""

import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.database.engine import (
    backup,
    demand_integrity,
    migrate,
    open_database,
    read_session,
)
from app.models import Job
from app.settings import Settings
from app.states import JobStatus
from app.vision.card import digest_weights
from tests.factories import succeeded_job

EPOCHS = 2


@pytest.fixture
def load(engine: Engine) -> Iterator[Event]:
    """Let another thread train one job after the other; set once one has succeeded."""
    begun, stop = Event(), Event()

    def train() -> None:
        while not stop.is_set():
            succeeded_job(engine, epochs=EPOCHS)
            begun.set()

    thread = Thread(target=train)
    thread.start()
    yield begun
    stop.set()
    thread.join()


def open_restored(copy: Path, directory: Path) -> Engine:
    """Put a copy in the place that docs/operations.md names, and start from it."""
    directory.mkdir()
    settings = Settings(data_dir=directory)
    shutil.copy(copy, directory / "modelmill.sqlite3")
    engine = open_database(settings.resolved_database_url)
    demand_integrity(engine)
    migrate(engine)
    return engine


def succeeded(session: Session) -> list[Job]:
    return jobs.list_jobs(session, 100, None, JobStatus.SUCCEEDED).found


def demand_checkpoints(session: Session, job: Job) -> None:
    """Each epoch's weights are there, to the byte that was written."""
    kept = jobs.list_checkpoints(session, job.id)
    assert sorted(one.epoch for one in kept) == list(range(1, EPOCHS + 1))
    for checkpoint in kept:
        weights = jobs.read_weights(session, checkpoint.id)
        assert sha256(weights).hexdigest() == checkpoint.sha256
    best = jobs.checkpoint_of_epoch(session, job.id, EPOCHS)
    assert digest_weights(jobs.read_weights(session, best.id)) == job.weights_sha256


def test_every_job_of_a_backup_under_load_has_its_checkpoints(
    engine: Engine, load: Event, tmp_path: Path
) -> None:
    assert load.wait(20)
    backup(engine, tmp_path / "copy.sqlite3")

    restored = open_restored(tmp_path / "copy.sqlite3", tmp_path / "new")

    with read_session(restored) as session:
        found = succeeded(session)
        assert found
        for job in found:
            demand_checkpoints(session, job)
    restored.dispose()
