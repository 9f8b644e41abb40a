"""A key gets no more than it may have, however many of its requests come at once."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs, library
from app.database.engine import migrate, open_database, write_session
from app.errors import QuotaExceeded
from app.jobs import Claim, Lease, Origin
from app.keys import store
from app.keys.scope import USUAL
from app.models import (
    ApiKey,
    Checkpoint,
    Dataset,
    DatasetContent,
    Job,
    now,
)
from app.quotas import UNLIMITED, Quotas, Usage, demand_stored, usage_of
from app.quotas.usage import today
from app.settings import Settings
from app.spec import JobRequest
from app.states import Action

THREADS = 8
LEASE = timedelta(seconds=10)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, settings: Settings, migrated: Path
) -> Iterator[Engine]:
    """Give each kind of database, for what a lock decides."""
    if request.param == "sqlite":
        shutil.copy(migrated, settings.data_dir)
        engine = open_database(settings.resolved_database_url)
    else:
        engine = open_database(request.getfixturevalue("empty_postgres"))
        migrate(engine)
    yield engine
    engine.dispose()


def new_key(engine: Engine, **limits: int) -> str:
    with write_session(engine) as session:
        row, _key = store.create_key(session, "student", USUAL)
        values = {f"max_{name}": most for name, most in limits.items()}
        return store.edit_key(session, row.id, values).id


def submit(
    engine: Engine, key_id: str | None, quotas: Quotas = UNLIMITED, epochs: int = 1
) -> UUID:
    origin, request = Origin(key_id=key_id), JobRequest(epochs=epochs, seed=1)
    with write_session(engine) as session:
        return jobs.submit_job(session, request, origin, None, quotas).id


def used(engine: Engine, key_id: str) -> Usage:
    with write_session(engine) as session:
        return usage_of(session, store.get_key(session, key_id))


def take(engine: Engine, most_running: int | None = None) -> Claim | None:
    with write_session(engine) as session:
        return jobs.claim_next(session, Lease("worker", LEASE), most_running)


def crowd(engine: Engine, key_id: str, epochs: int = 1) -> int:
    """Submit from several threads at once; return how many were stored."""

    def one(_number: int) -> bool:
        try:
            submit(engine, key_id, epochs=epochs)
        except QuotaExceeded:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as threads:
        return sum(threads.map(one, range(THREADS)))


def test_requests_at_once_never_queue_more_than_there_may_be(database: Engine) -> None:
    assert crowd(database, new_key(database, queued_jobs=3)) == 3


def test_requests_at_once_never_ask_for_more_epochs(database: Engine) -> None:
    assert crowd(database, new_key(database, epochs_a_day=9), epochs=2) == 4


def test_workers_at_once_never_run_more_than_there_may_be(database: Engine) -> None:
    key_id = new_key(database, running_jobs=2)
    for _ in range(5):
        submit(database, key_id)

    with ThreadPoolExecutor(THREADS) as threads:
        claims = list(threads.map(lambda _: take(database), range(THREADS)))

    assert sum(claim is not None for claim in claims) == 2


def test_a_refusal_says_what_there_is(engine: Engine) -> None:
    key_id = new_key(engine)
    submit(engine, key_id, epochs=5)

    with pytest.raises(QuotaExceeded, match="1 of 1 queued jobs"):
        submit(engine, key_id, Quotas(queued_jobs=1))
    with pytest.raises(QuotaExceeded, match=r"5 of 6 epochs today .* for 2 more"):
        submit(engine, key_id, Quotas(epochs_a_day=6), epochs=2)


def test_a_refused_job_spends_nothing(engine: Engine) -> None:
    key_id = new_key(engine, queued_jobs=0)

    with pytest.raises(QuotaExceeded):
        submit(engine, key_id, epochs=5)

    assert used(engine, key_id).epochs_a_day == 0


def test_a_keys_own_limits_go_before_the_settings(engine: Engine) -> None:
    generous = new_key(engine, queued_jobs=2)

    for _ in range(2):
        submit(engine, generous, Quotas(queued_jobs=0))
    with pytest.raises(QuotaExceeded):
        submit(engine, generous, Quotas(queued_jobs=9))


@pytest.mark.parametrize("key_id", [None, "unknown"])
def test_of_nobody_nothing_is_counted(
    engine: Engine, session: Session, key_id: str | None
) -> None:
    submit(engine, key_id, Quotas(queued_jobs=0, epochs_a_day=0))

    demand_stored(session, key_id, Quotas(stored_bytes=0))


def test_another_day_begins_at_none(engine: Engine, session: Session) -> None:
    key_id = new_key(engine, epochs_a_day=4)
    submit(engine, key_id, epochs=4)
    row = session.get_one(ApiKey, key_id)
    row.epochs_on = today() - timedelta(days=1)
    session.add(row)
    session.commit()

    assert used(engine, key_id).epochs_a_day == 0
    with pytest.raises(QuotaExceeded, match="0 of 4 epochs"):
        submit(engine, key_id, epochs=5)
    submit(engine, key_id, epochs=3)

    assert used(engine, key_id).epochs_a_day == 3


def test_a_deleted_job_gives_no_epochs_back(engine: Engine, session: Session) -> None:
    key_id = new_key(engine, epochs_a_day=1)
    job_id = submit(engine, key_id)
    jobs.request_action(session, job_id, Action.CANCEL)
    jobs.delete_job(session, job_id, files_only=False)

    with pytest.raises(QuotaExceeded):
        submit(engine, key_id)


def test_a_full_keys_jobs_are_passed_over(engine: Engine, session: Session) -> None:
    busy, other = new_key(engine), new_key(engine)
    first, second = submit(engine, busy), submit(engine, busy)
    third, fourth = submit(engine, other), submit(engine, None)

    claims = [take(engine, most_running=1) for _ in range(4)]

    assert claims == [Claim(first, 1), Claim(third, 1), Claim(fourth, 1), None]
    waiting = session.get_one(Job, second)
    assert waiting.dispatch_at <= now()


def test_a_job_that_was_passed_over_is_announced_again(
    engine: Engine, session: Session
) -> None:
    key_id = new_key(engine, running_jobs=0)
    waiting = submit(engine, key_id)
    later = now() + timedelta(hours=1)
    job = session.get_one(Job, waiting)
    job.dispatch_at = later
    session.add(job)
    session.commit()

    assert take(engine) is None

    assert jobs.find_undelivered(session) == [waiting]


def store_files(session: Session, key_id: str, job_id: UUID) -> None:
    """Store a checkpoint of 100 bytes, and two versions of one dataset of 50."""
    content = DatasetContent(
        digest="d", class_names=[], train_images=1, test_images=1, stored_bytes=50
    )
    checkpoint = Checkpoint(
        job_id=job_id,
        epoch=1,
        attempt=1,
        val_loss=0.1,
        val_accuracy=0.9,
        size_bytes=100,
        sha256="s",
    )
    session.add_all([content, checkpoint])
    session.flush()
    for version in (1, 2):
        session.add(
            Dataset(
                key_id=key_id, name="n", version=version, preprocess="plain", digest="d"
            )
        )
    session.commit()


def test_what_a_key_has_stored_is_counted_once(
    engine: Engine, session: Session
) -> None:
    key_id = new_key(engine)
    store_files(session, key_id, submit(engine, key_id))

    assert used(engine, key_id).stored_bytes == 150
    demand_stored(session, key_id, Quotas(stored_bytes=151))
    session.rollback()
    submit(engine, key_id, Quotas(stored_bytes=151))
    with pytest.raises(QuotaExceeded, match="150 of 150 bytes"):
        submit(engine, key_id, Quotas(stored_bytes=150))


def test_a_dataset_remembers_its_key(session: Session) -> None:
    upload = library.Upload(UUID(int=1), "n", ("a.zip",), "plain", "somebody")

    assert library.new_version(session, upload).key_id == "somebody"
