"""Migrations lead to the models, and take every row of an older release along."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from app import jobs
from app.database.engine import (
    MIGRATIONS,
    migrate,
    open_database,
    read_session,
    write_session,
)
from app.jobs import Lease
from app.models import DatasetContent
from app.states import Action, ErrorCode, JobStatus
from tests.jobs.examples import LEASE

FIRST, SECOND = UUID(int=1), UUID(int=2)
CHECKPOINT = UUID(int=3)
MOMENT = "2026-11-01 12:00:00.000000"
SPEC = (
    '{"preset": "tutorial", "dataset": "mnist", "epochs": 10, "batch_size": 128, '
    '"learning_rate": 0.001, "optimizer": {"kind": "rmsprop", "decay": 0.9, '
    '"momentum": 0.0, "epsilon": 1e-10}, "dropout_conv": 0.2, "dropout_hidden": 0.5, '
    '"shuffle": false, "validation_size": 5000, "seed": 7}'
)
ERROR = '{"code": "internal_error", "message": "m", "hint": "h", "retryable": true}'


def first_rows(blob: str) -> str:
    """Return what the first release left: a failed job and one that waits."""
    return f"""
INSERT INTO job (id, created_at, status, spec, event_count, attempt, crashes,
    dispatch_at, epoch, best_epoch, best_val_accuracy, best_val_loss, error,
    started_at, finished_at)
VALUES ('{FIRST.hex}', '{MOMENT}', 'failed', '{SPEC}', 3, 1, 0, '{MOMENT}', 1, 1,
    0.9, 0.1, '{ERROR}', '{MOMENT}', '{MOMENT}');
INSERT INTO job (id, created_at, status, spec, event_count, attempt, crashes,
    dispatch_at, epoch)
VALUES ('{SECOND.hex}', '{MOMENT}', 'queued', '{SPEC}', 1, 0, 0, '{MOMENT}', 0);
INSERT INTO job_event VALUES ('{FIRST.hex}', 1, '{MOMENT}', 'queued', 0, '{{}}');
INSERT INTO job_event VALUES ('{FIRST.hex}', 2, '{MOMENT}', 'epoch', 1, '{{}}');
INSERT INTO job_event VALUES ('{FIRST.hex}', 3, '{MOMENT}', 'failed', 1, '{{}}');
INSERT INTO job_event VALUES ('{SECOND.hex}', 1, '{MOMENT}', 'queued', 0, '{{}}');
INSERT INTO epoch_metrics
VALUES ('{FIRST.hex}', 1, 1, '{MOMENT}', 0.2, 0.8, 0.1, 0.9, 3.0, 1000.0);
INSERT INTO checkpoint
VALUES ('{CHECKPOINT.hex}', '{FIRST.hex}', 1, 1, '{MOMENT}', 0.1, 0.9, 2, 'sha');
INSERT INTO checkpoint_weights VALUES ('{CHECKPOINT.hex}', {blob % "0102"});
INSERT INTO training_state VALUES ('{FIRST.hex}', 1, 2, 0, '{MOMENT}', {blob % "03"});
"""


Contents = dict[str, list[tuple[object, ...]]]


def alembic(engine: Engine, direction: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        getattr(command, direction)(config, revision)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give a database of either kind without a table."""
    url = f"sqlite:///{tmp_path / 'first.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("empty_postgres")
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def first_release(empty: Engine) -> Engine:
    """Give a database as the first release left it."""
    alembic(empty, "upgrade", "0001")
    blob = "x'%s'" if empty.dialect.name == "sqlite" else "decode('%s', 'hex')"
    with empty.begin() as connection:
        for statement in first_rows(blob).strip().split(";\n"):
            connection.exec_driver_sql(statement)
    return empty


def contents(engine: Engine, columns: dict[str, list[str]]) -> Contents:
    with engine.connect() as connection:
        return {
            table: [
                tuple(row)
                for row in connection.execute(
                    text(f"SELECT {', '.join(names)} FROM {table} ORDER BY 1, 2")
                )
            ]
            for table, names in columns.items()
        }


def columns_of(engine: Engine) -> dict[str, list[str]]:
    seen = inspect(engine)
    return {
        table: [column["name"] for column in seen.get_columns(table)]
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def test_the_migrated_schema_is_that_of_the_models(empty: Engine) -> None:
    migrate(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        schema = text("SELECT name, sql FROM sqlite_schema")
        before = connection.execute(schema).all()
        connection.rollback()
        migrate(engine)

        assert connection.execute(schema).all() == before


def test_every_migration_can_be_taken_back(empty: Engine) -> None:
    migrate(empty)
    alembic(empty, "downgrade", "base")

    assert inspect(empty).get_table_names() == ["alembic_version"]


def test_an_older_database_loses_nothing_on_the_way_up_and_down(
    first_release: Engine,
) -> None:
    columns = columns_of(first_release)
    before = contents(first_release, columns)
    assert all(before.values())

    migrate(first_release)
    assert contents(first_release, columns) == before

    alembic(first_release, "downgrade", "0001")
    assert columns_of(first_release) == columns
    assert contents(first_release, columns) == before

    migrate(first_release)
    assert contents(first_release, columns) == before


def test_the_rows_of_an_older_database_are_read_as_they_were(
    first_release: Engine,
) -> None:
    migrate(first_release)

    with read_session(first_release) as session:
        job = jobs.get_job(session, FIRST)
        kinds = [event.kind for event in jobs.list_events(session, FIRST, after=0)]
        best = jobs.best_checkpoint(session, FIRST)
        assert jobs.read_weights(session, best.id) == b"\x01\x02"
        assert jobs.read_training_state(session, FIRST) == b"\x03"
    assert kinds == ["queued", "epoch", "failed"]
    assert (job.status, job.spec.seed, job.spec.checkpoints) == ("failed", 7, "every")
    assert (job.name, job.tags, job.user_metadata, job.priority) == (None, [], {}, 0)
    assert job.error is not None
    assert job.error.code is ErrorCode.INTERNAL_ERROR


def test_the_jobs_of_an_older_database_live_on(first_release: Engine) -> None:
    migrate(first_release)

    with write_session(first_release) as session:
        claim = jobs.claim_next(session, Lease("w", LEASE))
        assert claim is not None
        assert claim.job_id == SECOND
        job = jobs.request_action(session, SECOND, Action.CANCEL)
        assert job.status is JobStatus.CANCELLING
        jobs.delete_job(session, FIRST, files_only=False)


def test_datasets_of_before_are_28x28_in_grey_and_others_go_with_the_way_down(
    empty: Engine,
) -> None:
    migrate(empty)
    alembic(empty, "downgrade", "0015")
    row = "INSERT INTO dataset_content VALUES ('old', '[\"a\", \"b\"]', 8, 2, 99)"
    with empty.begin() as connection:
        connection.execute(text(row))

    migrate(empty)
    with write_session(empty) as session:
        old = session.get_one(DatasetContent, "old")
        assert old.shape == (1, 28, 28)
        numbers = {"train_images": 8, "test_images": 2, "stored_bytes": 99}
        shape = {"channels": 3, "height": 20, "width": 24}
        session.add(DatasetContent(digest="new", class_names=["a"], **numbers, **shape))
        session.commit()
    alembic(empty, "downgrade", "0015")

    with empty.connect() as connection:
        left = connection.execute(text("SELECT digest FROM dataset_content")).all()
    assert left == [("old",)]


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_references_still_hold_after_the_migration(first_release: Engine) -> None:
    migrate(first_release)

    with first_release.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert connection.execute(text("PRAGMA integrity_check")).all() == [("ok",)]


def test_processes_that_migrate_at_the_same_time_wait_for_each_other(
    empty: Engine,
) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: migrate(empty), range(4)))

    assert "job" in inspect(empty).get_table_names()
