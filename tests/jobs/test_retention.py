"""A job keeps the checkpoints that its spec asks for; the disk gets the rest back."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.database.engine import open_database, write_session
from app.jobs import Claim
from app.jobs.retention import FREED_PAGES, free_pages
from app.settings import Settings
from tests.database.otherdb import URL
from tests.jobs.examples import an_epoch, claimed, fail, submit

MEBIBYTE = 2**20
BEST = 3
EPOCHS = 7
POLICIES = [
    ("every", [1, 2, 3, 4, 5, 6, 7]),
    ("best_and_last", [3, 7]),
    (1, [1, 2, 3, 4, 5, 6, 7]),
    (2, [2, 3, 4, 6, 7]),
    (5, [3, 5, 7]),
    (1000, [3, 7]),
]


@pytest.fixture
def elsewhere() -> Iterator[Session]:
    engine = open_database(URL)
    with write_session(engine) as session:
        yield session
    engine.dispose()


# Files of other databases are not ours to shrink.
on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def train(session: Session, claim: Claim, size: int = 10) -> None:
    for epoch in range(1, EPOCHS + 1):
        record = an_epoch(claim, epoch, is_best=epoch <= BEST)
        jobs.record_epoch(session, claim, replace(record, weights=bytes(size)))


def kept(session: Session, claim: Claim) -> list[int]:
    return [found.epoch for found in jobs.list_checkpoints(session, claim.job_id)]


def file_bytes(engine: Engine) -> int:
    """Return the size of the file once the log has been written back to it."""
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert engine.url.database is not None
    return Path(engine.url.database).stat().st_size


def free_page_count(engine: Engine) -> int:
    with closing(engine.raw_connection()) as connection:
        rows = connection.cursor().execute("PRAGMA freelist_count")
        count: int = rows.fetchone()[0]
        return count


@pytest.mark.parametrize(("policy", "expected"), POLICIES)
def test_the_policy_says_which_epochs_are_kept(
    engine: Engine, session: Session, policy: str | int, expected: list[int]
) -> None:
    claim = claimed(session, submit(engine, checkpoints=policy))
    train(session, claim)

    dropped = jobs.prune_checkpoints(session, claim.job_id)
    assert not session.in_transaction()

    assert kept(session, claim) == expected
    assert sorted([*dropped, *expected]) == list(range(1, EPOCHS + 1))


def test_the_best_and_the_last_can_still_be_read(
    engine: Engine, session: Session
) -> None:
    claim = claimed(session, submit(engine, checkpoints="best_and_last"))
    train(session, claim)

    jobs.prune_checkpoints(session, claim.job_id)

    best = jobs.best_checkpoint(session, claim.job_id)
    assert best.epoch == BEST
    assert jobs.read_weights(session, best.id) == bytes(10)
    assert len(jobs.list_metrics(session, claim.job_id)) == EPOCHS


def test_pruning_again_drops_nothing_and_leaves_other_jobs_alone(
    engine: Engine, session: Session
) -> None:
    first, second = (
        claimed(session, submit(engine, checkpoints="best_and_last")) for _ in range(2)
    )
    train(session, first)
    train(session, second)

    assert jobs.prune_checkpoints(session, first.job_id) == [1, 2, 4, 5, 6]
    assert jobs.prune_checkpoints(session, first.job_id) == []

    assert kept(session, second) == list(range(1, EPOCHS + 1))


@on_sqlite
def test_what_is_pruned_makes_the_file_smaller(
    engine: Engine, session: Session
) -> None:
    claim = claimed(session, submit(engine, checkpoints="best_and_last"))
    train(session, claim, MEBIBYTE)
    before = file_bytes(engine)

    jobs.prune_checkpoints(session, claim.job_id)

    assert before - file_bytes(engine) >= (EPOCHS - 2) * MEBIBYTE


@on_sqlite
@pytest.mark.parametrize("files_only", [True, False])
def test_what_is_deleted_makes_the_file_smaller(
    engine: Engine, session: Session, claim: Claim, *, files_only: bool
) -> None:
    train(session, claim, MEBIBYTE)
    fail(session, claim)
    before = file_bytes(engine)

    jobs.delete_job(session, claim.job_id, files_only=files_only)

    assert before - file_bytes(engine) >= EPOCHS * MEBIBYTE


@on_sqlite
def test_a_file_that_holds_far_too_much_shrinks_a_step_at_a_time(
    engine: Engine, session: Session
) -> None:
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("CREATE TABLE junk AS SELECT zeroblob(36000000)")
        connection.cursor().execute("DROP TABLE junk")
    before = free_page_count(engine)
    assert before > FREED_PAGES

    jobs.reclaim_space(session)
    after = free_page_count(engine)
    jobs.reclaim_space(session)
    session.rollback()

    assert after == before - FREED_PAGES
    assert free_page_count(engine) == after  # too little to be worth another step


def test_another_database_is_left_to_free_its_own_space(
    elsewhere: Session, settings: Settings
) -> None:
    jobs.reclaim_space(elsewhere)
    free_pages(elsewhere)

    assert not elsewhere.in_transaction()
