"""A job that was run again is judged by its weights, then by its accuracy."""

from uuid import UUID

import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session, col

from app import jobs
from app.database.engine import write_session
from app.errors import WrongStatus
from app.jobs import TestResult
from app.models import Environment, Job, JobAttempt, Verdict
from app.states import Outcome
from tests.jobs.examples import an_epoch, claimed, look, settle, start, submit

CPU = Environment(device="cpu", precision="fp32", threads=2, torch="2.13.0")
GPU = CPU.model_copy(update={"device": "NVIDIA H100"})


def run(
    session: Session,
    job_id: UUID,
    *,
    digest: str | None = "a" * 64,
    accuracy: float = 0.99,
    environment: Environment | None = CPU,
) -> None:
    """Take the job to its end on an environment, with these weights."""
    claim = claimed(session, job_id)
    if environment is not None:
        attempt = JobAttempt(
            job_id=job_id,
            attempt=claim.attempt,
            epoch=1,
            step=0,
            environment=environment,
            version="0.1.0",
            dataset_digest="d" * 64,
            split_digest="s" * 64,
        )
        assert jobs.record_attempt(session, claim, attempt)
    record = an_epoch(claim)
    epoch = jobs.EpochRecord(
        record.metrics,
        record.weights,
        record.state,
        is_best=True,
        weights_sha256=digest,
    )
    jobs.record_epoch(session, claim, epoch)
    jobs.record_result(session, claim, TestResult(loss=0.03, accuracy=accuracy))
    settle(session, claim, Outcome.FINISHED)


def verdict_on(engine: Engine, session: Session, **second: object) -> Verdict:
    """Return what comes of a second run that differs in this from the first."""
    first = submit(engine)
    run(session, first)
    again = jobs.submit_reproduction(session, first)
    run(session, again.id, **second)  # type: ignore[arg-type]
    found = look(engine, again.id)
    assert found.reproduction is not None
    assert found.reproduction.of == first
    assert found.verdict is not None
    return found.verdict


def test_the_same_weights_are_exact(engine: Engine, session: Session) -> None:
    assert verdict_on(engine, session).verdict == "exact"


def test_the_same_weights_are_exact_wherever_they_were_made(
    engine: Engine, session: Session
) -> None:
    assert verdict_on(engine, session, environment=GPU).verdict == "exact"


def test_on_another_device_a_near_accuracy_is_statistical(
    engine: Engine, session: Session
) -> None:
    found = verdict_on(
        engine, session, digest="b" * 64, accuracy=0.992, environment=GPU
    )

    assert found.verdict == "statistical"
    assert found.reasons == [
        "The test accuracies differ by 0.0020.",
        "Another device: cpu, then NVIDIA H100.",
    ]


def test_another_accuracy_is_different_even_on_another_device(
    engine: Engine, session: Session
) -> None:
    found = verdict_on(engine, session, digest="b" * 64, accuracy=0.9, environment=GPU)

    assert found.verdict == "different"


def test_other_weights_with_nothing_to_explain_them_are_different(
    engine: Engine, session: Session
) -> None:
    found = verdict_on(engine, session, digest="b" * 64)

    assert found.verdict == "different"
    assert "should be too" in found.reasons[-1]


def test_weights_that_nobody_measured_are_not_exact(
    engine: Engine, session: Session
) -> None:
    found = verdict_on(engine, session, digest=None, environment=None)

    assert found.verdict == "statistical"
    assert "not known" in found.reasons[-1]


def test_an_original_that_ended_elsewhere_is_named(
    engine: Engine, session: Session
) -> None:
    first = submit(engine)
    run(session, first)
    again = jobs.submit_reproduction(session, first)
    session.exec(update(Job).where(col(Job.id) == first).values(epoch=7))
    session.commit()
    run(session, again.id, digest="b" * 64)

    verdict = look(engine, again.id).verdict

    assert verdict is not None
    assert verdict.reasons[1].startswith("The original ended after epoch 7 (completed)")


def test_without_its_original_there_is_no_verdict(
    engine: Engine, session: Session
) -> None:
    first = submit(engine)
    run(session, first)
    again = jobs.submit_reproduction(session, first)
    jobs.delete_job(session, first, files_only=False)

    run(session, again.id)

    assert look(engine, again.id).verdict == Verdict(
        reasons=["The original was deleted meanwhile."]
    )


def test_only_a_success_is_reproduced(engine: Engine) -> None:
    claim = start(engine)

    with write_session(engine) as session, pytest.raises(WrongStatus, match="running"):
        jobs.submit_reproduction(session, claim.job_id)


def test_a_superseded_attempt_says_nothing_of_itself(
    engine: Engine, session: Session
) -> None:
    claim = start(engine)
    settle(session, claim, Outcome.RELEASED)
    attempt = JobAttempt(
        job_id=claim.job_id,
        attempt=claim.attempt,
        epoch=1,
        step=0,
        environment=CPU,
        version="0.1.0",
        dataset_digest="d",
        split_digest="s",
    )

    assert not jobs.record_attempt(session, claim, attempt)

    assert jobs.list_attempts(session, claim.job_id) == []
