"""Each zip is worked off once, goes on after a death, and ends in a final status."""

import time
from collections.abc import Callable
from datetime import timedelta
from os import utime
from threading import Event
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, delete
from sqlmodel import col

from app.bulk import reading, work
from app.bulk.listing import get_bulk, held_bulks, read_parts
from app.bulk.reading import Stopped
from app.bulk.record import (
    BulkClaim,
    Part,
    claim_bulk,
    delete_bulk,
    record_part,
    release_bulk,
    renew_bulk,
    settle_lost,
)
from app.bulk.rows import as_ndjson
from app.bulk.runner import BulkRunner
from app.bulk.staging import folder_of
from app.bulk.work import Desk, work_on
from app.database.engine import read_session, write_session
from app.errors import BulkNotFound
from app.models import BulkPrediction, CheckpointWeights, Job
from app.settings import Settings
from app.states import BulkStatus
from tests.bulk.zips import digits, zipped
from tests.clock import Clock

ZIP = {"Content-Type": "application/zip"}
LEASE = timedelta(seconds=10)


@pytest.fixture
def bulk_id(client: TestClient, job: Job) -> UUID:
    archive = zipped(digits(600))  # three parts
    response = client.post("/predictions", content=archive, headers=ZIP)
    return UUID(response.json()["id"])


def read(engine: Engine, bulk_id: UUID) -> BulkPrediction:
    with read_session(engine) as session:
        return get_bulk(session, bulk_id)


def claimed(engine: Engine, bulk_id: UUID) -> BulkPrediction:
    with write_session(engine) as session:
        bulk = claim_bulk(session, bulk_id, LEASE)
    assert bulk is not None
    return bulk


def names(engine: Engine, bulk_id: UUID) -> list[str]:
    lines = b"".join(as_ndjson(read_parts(engine, bulk_id))).splitlines()
    return [line.split(b'"')[3].decode() for line in lines]


def lost_at_once(
    engine: Engine, bulk: BulkPrediction, after: int
) -> Callable[..., bool]:
    """Store parts until a number, then lose the lease to somebody else."""
    left = [after]
    recorded = work.record

    def record(*arguments: object) -> bool:
        if left[0] == 0:
            with write_session(engine) as session:
                release_bulk(session, BulkClaim(bulk.id, bulk.attempt))
        left[0] -= 1
        return recorded(*arguments)  # type: ignore[arg-type]  # passed on as they came

    return record


def test_a_zip_is_taken_by_one_of_many(engine: Engine, bulk_id: UUID) -> None:
    with write_session(engine) as session:
        taken = [claim_bulk(session, bulk_id, LEASE) for _time in range(3)]

    assert [bulk is not None for bulk in taken] == [True, False, False]


def test_another_attempt_goes_on_after_the_last_stored_part(
    engine: Engine,
    settings: Settings,
    runner: BulkRunner,
    bulk_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bulk = claimed(engine, bulk_id)
    with monkeypatch.context() as patch:
        patch.setattr(work, "record", lost_at_once(engine, bulk, after=1))
        assert not work_on(Desk(engine, settings, Event()), bulk)
    assert read(engine, bulk_id).images_done == reading.PART

    runner.work_off()

    assert read(engine, bulk_id).status == BulkStatus.SUCCEEDED
    assert read(engine, bulk_id).attempt == 2
    assert names(engine, bulk_id) == list(digits(600))


def test_who_lost_the_claim_writes_nothing(engine: Engine, bulk_id: UUID) -> None:
    bulk = claimed(engine, bulk_id)
    claim = BulkClaim(bulk_id, bulk.attempt)
    part = Part(0, 1, 0, b"")
    with write_session(engine) as session:
        release_bulk(session, claim)

        assert not record_part(session, claim, part, LEASE)
        assert not renew_bulk(session, claim, LEASE)
    assert list(read_parts(engine, bulk_id)) == []


def test_a_part_is_stored_once(engine: Engine, bulk_id: UUID) -> None:
    claim = BulkClaim(bulk_id, claimed(engine, bulk_id).attempt)
    part = Part(0, 1, 0, b"")

    with write_session(engine) as session:
        stored = [record_part(session, claim, part, LEASE) for _time in range(2)]

    assert stored == [True, False]


def test_a_lease_that_stands_still_is_lost_and_the_zip_done_by_another(
    engine: Engine, runner: BulkRunner, clock: Clock, bulk_id: UUID
) -> None:
    claimed(engine, bulk_id)

    runner.work_off()
    assert read(engine, bulk_id).status == BulkStatus.RUNNING
    clock.seconds = 11
    runner.work_off()

    assert read(engine, bulk_id).status == BulkStatus.SUCCEEDED


def test_a_lease_that_was_renewed_is_not_lost(
    engine: Engine, runner: BulkRunner, clock: Clock, bulk_id: UUID
) -> None:
    claim = BulkClaim(bulk_id, claimed(engine, bulk_id).attempt)
    runner.work_off()
    with read_session(engine) as session:
        [before] = held_bulks(session)
    with write_session(engine) as session:
        assert renew_bulk(session, claim, 2 * LEASE)
        assert not settle_lost(session, before, most_attempts=5)
    clock.seconds = 11

    runner.work_off()

    assert read(engine, bulk_id).status == BulkStatus.RUNNING


def test_what_killed_too_many_has_failed(
    engine: Engine, settings: Settings, clock: Clock, bulk_id: UUID
) -> None:
    once = settings.model_copy(update={"max_attempts": 1})
    runner = BulkRunner(engine, once, Event(), clock)
    claimed(engine, bulk_id)
    runner.work_off()
    clock.seconds = 11

    runner.work_off()

    bulk = read(engine, bulk_id)
    assert (bulk.status, bulk.error and bulk.error.code) == ("failed", "service_lost")
    assert bulk.finished_at is not None


def test_a_service_that_ends_gives_its_zip_back(
    engine: Engine, settings: Settings, bulk_id: UUID
) -> None:
    bulk, stop = claimed(engine, bulk_id), Event()
    stop.set()

    with pytest.raises(Stopped):
        work_on(Desk(engine, settings, stop), bulk)


def test_a_stopped_runner_leaves_the_zip_in_the_line(
    engine: Engine,
    runner: BulkRunner,
    bulk_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stopped(*_arguments: object) -> bool:
        runner.stop()
        raise Stopped

    monkeypatch.setattr("app.bulk.runner.work_on", stopped)

    runner.run()

    assert read(engine, bulk_id).status == BulkStatus.QUEUED


def test_a_checkpoint_that_is_gone_is_told(
    engine: Engine, runner: BulkRunner, bulk_id: UUID
) -> None:
    with write_session(engine) as session:
        session.exec(
            delete(CheckpointWeights).where(
                col(CheckpointWeights.checkpoint_id).is_not(None)
            )
        )
        session.commit()

    runner.work_off()

    bulk = read(engine, bulk_id)
    assert bulk.error is not None
    assert (bulk.status, bulk.error.code) == ("failed", "checkpoint_not_found")


def test_a_fault_of_ours_fails_the_zip_and_is_logged(
    engine: Engine,
    runner: BulkRunner,
    bulk_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_arguments: object) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr("app.bulk.runner.work_on", broken)

    runner.work_off()

    bulk = read(engine, bulk_id)
    assert bulk.error is not None
    assert (bulk.status, bulk.error.code) == ("failed", "internal_error")
    assert f"bulk prediction {bulk_id} failed" in caplog.text


def test_what_was_deleted_meanwhile_is_left_alone(
    engine: Engine,
    settings: Settings,
    runner: BulkRunner,
    bulk_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def deleted(*_arguments: object) -> bool:
        with write_session(engine) as session:
            delete_bulk(session, bulk_id)
        return work_on(*_arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr("app.bulk.runner.work_on", deleted)

    runner.work_off()

    assert list(read_parts(engine, bulk_id)) == []
    with read_session(engine) as session:
        assert held_bulks(session) == []


def test_a_lease_is_renewed_while_pictures_are_slow_to_read(
    engine: Engine,
    settings: Settings,
    bulk_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    brisk = settings.model_copy(update={"heartbeat_seconds": 0.01})
    bulk = claimed(engine, bulk_id)
    renewed = Event()
    see = reading.Source.see

    def slow(*arguments: object) -> object:
        renewed.wait(20)
        return see(*arguments)  # type: ignore[arg-type]  # passed on as they came

    def renew(*arguments: object) -> bool:
        renewed.set()
        return renew_bulk(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(reading.Source, "see", slow)
    monkeypatch.setattr(work, "renew_bulk", renew)

    assert work_on(Desk(engine, brisk, Event()), bulk)
    assert renewed.is_set()


def test_a_lease_that_is_lost_while_reading_ends_the_work(
    engine: Engine,
    settings: Settings,
    bulk_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    brisk = settings.model_copy(update={"heartbeat_seconds": 0.01})
    bulk, lost = claimed(engine, bulk_id), Event()
    see = reading.Source.see

    def slow(*arguments: object) -> object:
        lost.wait(20)
        return see(*arguments)  # type: ignore[arg-type]  # passed on as they came

    def renew(*_arguments: object) -> bool:
        lost.set()
        return False

    monkeypatch.setattr(reading.Source, "see", slow)
    monkeypatch.setattr(work, "renew_bulk", renew)

    assert not work_on(Desk(engine, brisk, Event()), bulk)


def test_a_zip_on_another_machine_s_disk_waits_for_that(
    engine: Engine, settings: Settings, runner: BulkRunner, bulk_id: UUID
) -> None:
    path = folder_of(settings.data_dir, bulk_id)
    path.rename(settings.data_dir / "elsewhere")

    runner.work_off()

    assert read(engine, bulk_id).status == BulkStatus.QUEUED


def test_results_are_forgotten_after_their_time(
    engine: Engine, settings: Settings, runner: BulkRunner, bulk_id: UUID
) -> None:
    runner.work_off()
    brief = settings.model_copy(update={"bulk_retention_seconds": 1e-6})

    BulkRunner(engine, brief, Event()).work_off()

    with read_session(engine) as session:
        assert session.get(BulkPrediction, bulk_id) is None
    assert list(read_parts(engine, bulk_id)) == []


def test_what_is_not_there_cannot_be_deleted(engine: Engine) -> None:
    with write_session(engine) as session, pytest.raises(BulkNotFound):
        delete_bulk(session, uuid4())


def test_what_an_upload_left_behind_is_cleared_after_an_hour(
    settings: Settings, runner: BulkRunner, bulk_id: UUID
) -> None:
    old, new = (folder_of(settings.data_dir, uuid4()) for _time in range(2))
    for folder in (old, new):
        folder.mkdir()
    waiting = folder_of(settings.data_dir, bulk_id)
    for path in (old, waiting, waiting / "0"):
        utime(path, (time.time() - 7200,) * 2)
    runner.stop()

    runner.work_off()

    assert (old.exists(), new.exists(), waiting.exists()) == (False, True, True)


def test_a_pass_that_fails_is_not_the_last(
    runner: BulkRunner,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken() -> None:
        runner.stop()
        raise ZeroDivisionError

    monkeypatch.setattr(runner, "work_off", broken)

    runner.run()

    assert "a pass over the zips failed" in caplog.text


def test_the_thread_works_as_soon_as_it_is_rung(
    engine: Engine, settings: Settings, client: TestClient, job: Job
) -> None:
    rare = settings.model_copy(update={"reconcile_seconds": 600.0})
    services = client.app.state.services  # type: ignore[attr-defined]  # of FastAPI
    runner = BulkRunner(engine, rare, services.bulk_bell)
    with runner.running():
        response = client.post("/predictions", content=zipped(digits(1)), headers=ZIP)
        path = f"/predictions/{response.json()['id']}"

        wait_until(lambda: client.get(path).json()["is_terminal"])


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        Event().wait(0.01)
