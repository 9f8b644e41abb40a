"""An installation moves to another database with every row, or not at all."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, inspect, text
from sqlmodel import select

from app import jobs
from app.database.copying import copy_database
from app.database.engine import migrate, open_database, read_session, write_session
from app.errors import DatabaseRefused
from app.models import Job
from tests.database.filling import fill_every_table, plain_rows
from tests.jobs.examples import LEASE, an_epoch, claimed, every_row, fail, submit

ALTER_WEIGHTS = """
CREATE FUNCTION alter_weights() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.data = NEW.data || '\\x00'::bytea; RETURN NEW; END $$
"""
ON_WEIGHTS = """
CREATE TRIGGER spoil BEFORE INSERT ON checkpoint_weights
FOR EACH ROW EXECUTE FUNCTION alter_weights()
"""
EPOCHS = 20  # more weights than are copied at once


@pytest.fixture
def target(empty_postgres: str) -> Iterator[Engine]:
    engine = open_database(empty_postgres)
    yield engine
    engine.dispose()


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Give a database in which jobs wait, have failed, and have left checkpoints."""
    with write_session(engine) as session:
        claim = claimed(
            session, submit(engine, tags=["größe", "x"], metadata={"a": ""})
        )
        for epoch in range(1, EPOCHS + 1):
            record = an_epoch(claim, epoch, is_best=epoch == 1)
            weights = bytes([0, 255, epoch]) * 1000
            jobs.record_epoch(session, claim, replace(record, weights=weights))
        fail(session, claim)
    submit(engine, seed=2**53 - 1)
    return engine


def test_every_row_arrives_as_it_was(filled: Engine, target: Engine) -> None:
    copied = copy_database(filled, target)

    rows = {name: sorted(map(repr, rows)) for name, rows in every_row(filled).items()}
    assert rows == {
        name: sorted(map(repr, rows)) for name, rows in every_row(target).items()
    }
    assert {table.name: table.rows for table in copied} == {
        name: len(found) for name, found in rows.items()
    }


def test_no_table_is_left_behind(engine: Engine, target: Engine) -> None:
    fill_every_table(engine)
    known = set(inspect(engine).get_table_names()) - {"alembic_version"}

    copied = copy_database(engine, target)

    assert {table.name: table.rows for table in copied} == dict.fromkeys(known, 1)
    assert plain_rows(target) == plain_rows(engine)


ASK = """
from app.database.copying import tables
print(*(table.name for table in tables()))
"""


def test_what_has_tables_is_known_without_the_rest_of_the_service(
    engine: Engine,
) -> None:
    asked = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True)

    known = set(inspect(engine).get_table_names()) - {"alembic_version"}
    assert set(asked.stdout.split()) == known


def test_the_way_back_leads_to_the_same_digests(
    filled: Engine, target: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    back = open_database(
        f"sqlite:///{tmp_path_factory.mktemp('back') / 'back.sqlite3'}"
    )

    there = copy_database(filled, target)

    assert copy_database(target, back) == there
    back.dispose()


def test_jobs_go_on_where_they_were(filled: Engine, target: Engine) -> None:
    copy_database(filled, target)

    with write_session(target) as session:
        claim = jobs.claim_next(session, jobs.Lease("elsewhere", LEASE))
        assert claim is not None
        assert jobs.get_job(session, claim.job_id).spec.seed == 2**53 - 1


def test_a_database_with_rows_is_not_written_over(
    filled: Engine, target: Engine
) -> None:
    migrate(target)
    kept = submit(target)

    with pytest.raises(DatabaseRefused, match="has rows in its table job"):
        copy_database(filled, target)

    with read_session(target) as session:
        assert [job.id for job in session.exec(select(Job))] == [kept]


def test_what_arrives_otherwise_is_taken_back_whole(
    filled: Engine, target: Engine
) -> None:
    migrate(target)
    with target.begin() as connection:
        # A rule of the database that nobody told us of.
        connection.execute(text(ALTER_WEIGHTS))
        connection.execute(text(ON_WEIGHTS))

    with pytest.raises(DatabaseRefused, match="checkpoint_weights differs"):
        copy_database(filled, target)

    assert not any(every_row(target).values())


@pytest.mark.parametrize(
    ("create", "reason"),
    [(True, "nothing of Modelmill"), (False, "There is no database")],
)
def test_what_holds_nothing_is_refused_and_left_alone(
    target: Engine,
    tmp_path_factory: pytest.TempPathFactory,
    reason: str,
    *,
    create: bool,
) -> None:
    file = tmp_path_factory.mktemp("nothing") / "nothing.sqlite3"
    if create:
        file.touch()
    nothing = open_database(f"sqlite:///{file}")

    with pytest.raises(DatabaseRefused, match=reason):
        copy_database(nothing, target)

    assert file.exists() is create
    nothing.dispose()


def test_another_release_is_brought_up_to_date_first(
    filled: Engine, target: Engine
) -> None:
    with filled.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    with pytest.raises(DatabaseRefused, match="another release"):
        copy_database(filled, target)
