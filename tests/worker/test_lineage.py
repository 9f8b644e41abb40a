"""Real training says what its weights follow from, and the same again is exact."""

import pytest
from sqlalchemy import Engine

from app import jobs
from app.database.engine import read_session, write_session
from app.models import JobAttempt
from app.settings import Settings
from app.states import JobStatus, Outcome
from app.vision.card import digest_weights
from tests.conftest import FakeDoorbell
from tests.factories import claimed_job, read_job, read_weights, settle, tiny_spec
from tests.worker.attempts import after, never, next_attempt
from worker.data import digest_split
from worker.fenced import FencedWriter
from worker.runner import run_attempt


def attempts_of(writer: FencedWriter) -> list[JobAttempt]:
    with read_session(writer.engine) as session:
        return jobs.list_attempts(session, writer.claim.job_id)


@pytest.mark.usefixtures("dataset")
def test_each_attempt_says_where_it_began_and_on_what(
    writer: FencedWriter, settings: Settings
) -> None:
    run_attempt(writer, settings, after(1))
    run_attempt(next_attempt(writer), settings, never)

    first, second = attempts_of(writer)
    job = read_job(writer.engine, writer.claim.job_id)

    assert [(one.attempt, one.epoch, one.step) for one in (first, second)] == [
        (1, 1, 0),
        (2, 1, 1),
    ]
    assert first.environment == second.environment == job.environment
    assert first.environment.threads == 1
    assert first.dataset_digest == second.dataset_digest
    assert first.split_digest == digest_split(12, job.spec)


@pytest.mark.usefixtures("dataset")
def test_the_job_keeps_the_digest_of_its_best_weights(
    writer: FencedWriter, settings: Settings
) -> None:
    run_attempt(writer, settings, never)

    job = read_job(writer.engine, writer.claim.job_id)
    best = read_weights(writer.engine, job.id, job.best_epoch or 0)
    assert job.weights_sha256 == digest_weights(best)


@pytest.mark.usefixtures("dataset")
def test_a_reproduction_on_the_same_machine_is_exact(
    writer: FencedWriter, settings: Settings, engine: Engine, doorbell: FakeDoorbell
) -> None:
    run_attempt(writer, settings, never)
    assert settle(engine, writer.claim, Outcome.FINISHED) is JobStatus.SUCCEEDED
    with write_session(engine) as session:
        again = jobs.submit_reproduction(session, writer.claim.job_id)

    claim = claimed_job(engine, again.id)
    run_attempt(FencedWriter(engine, doorbell, claim), settings, never)
    settle(engine, claim, Outcome.FINISHED)

    reproduction = read_job(engine, again.id).reproduction
    assert reproduction is not None
    assert reproduction.of == writer.claim.job_id
    assert reproduction.verdict == "exact"


def test_another_split_has_another_digest() -> None:
    specs = [
        tiny_spec(),
        tiny_spec(seed=8),
        tiny_spec(validation_size=5),
        tiny_spec(train_images=5),
    ]

    digests = [digest_split(12, spec) for spec in (*specs, tiny_spec())]

    assert len(set(digests)) == len(specs)
    assert digests[0] == digests[-1]
