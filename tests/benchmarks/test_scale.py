"""The benchmark of the queue measures what it says, on a queue of a few jobs."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from benchmarks.celery_peer import train_plainly
from benchmarks.scale import Queue, claim_one, milliseconds, targets_of
from benchmarks.sweep import lasted
from tests.factories import read_job, submitted_job, tiny_spec, write_dataset

FEW = Queue(submits_per_second=100, page_ms=5, claim_ms=2)


def test_a_claim_takes_the_first_job(engine: Engine) -> None:
    job = submitted_job(engine)

    claim_one(engine)

    assert read_job(engine, job.id).worker_id == "benchmark"


def test_a_claim_of_nothing_is_no_measurement(engine: Engine) -> None:
    with pytest.raises(SystemExit, match="Nobody waits"):
        claim_one(engine)


def test_what_does_not_grow_meets_every_target() -> None:
    targets = targets_of([FEW, FEW], busy=0.95, overhead=0.05)

    assert all(target.met for target in targets.values())


def test_what_grows_misses_its_target() -> None:
    many = Queue(submits_per_second=10, page_ms=50, claim_ms=20)

    targets = targets_of([FEW, many], busy=0.5, overhead=0.5)

    assert not any(target.met for target in targets.values())


def test_the_middle_of_several_times_counts() -> None:
    assert milliseconds(lambda: None, times=3) < 100


def test_a_job_lasts_from_its_start_to_its_end() -> None:
    job = {"started_at": "2026-01-01T00:00:00Z", "finished_at": "2026-01-01T00:00:02Z"}

    assert lasted(job) == 2


def test_the_peer_trains_the_same_spec_to_the_end(tmp_path: Path) -> None:
    write_dataset(tmp_path)

    accuracy = train_plainly(tiny_spec().training_spec(), tmp_path / "datasets")

    assert 0 <= accuracy <= 1
