"""`modelmill train` submits what was given and ends as the job ends."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app import jobs
from app.database.engine import write_session
from app.errors import ServiceRefused
from app.jobs import Claim, Ending
from app.models import JobError
from app.states import ErrorCode, Outcome
from tests.cli.conftest import RunCommand
from tests.conftest import FakeQueue
from tests.factories import claimed_job, finish_job, read_job, record_epoch

EndJob = Callable[[Engine, Claim], None]


class PromptQueue(FakeQueue):
    """A queue on which a job ends as soon as it is there."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.end_job: EndJob = succeed

    def enqueue(self, job_id: UUID) -> None:
        super().enqueue(job_id)
        self.end_job(self.engine, claimed_job(self.engine, job_id))


def succeed(engine: Engine, claim: Claim) -> None:
    record_epoch(engine, claim, 1)
    finish_job(engine, claim)


def fail(engine: Engine, claim: Claim) -> None:
    error = JobError(
        code=ErrorCode.DIVERGED_NON_FINITE,
        message="It diverged.",
        hint="Go slower.",
        retryable=False,
    )
    with write_session(engine) as session:
        jobs.record_error(session, claim, error)
        jobs.settle_job(session, claim, Ending(Outcome.FAILED, "failed", 5))


@pytest.fixture
def queue(engine: Engine) -> PromptQueue:
    return PromptQueue(engine)


def test_a_job_that_succeeds_is_success(
    url: str, run: RunCommand, queue: PromptQueue
) -> None:
    result = run("train", "--url", url)

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"job {queue.enqueued[0]}",
        "succeeded: test accuracy 87.50% (best epoch 1)",
    ]


def test_a_job_that_fails_is_failure(
    url: str, run: RunCommand, queue: PromptQueue
) -> None:
    queue.end_job = fail

    result = run("train", "--url", url)

    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "failed: It diverged. Go slower."


def test_a_job_that_is_not_followed_may_end_as_it_likes(
    url: str, run: RunCommand, queue: PromptQueue
) -> None:
    queue.end_job = fail

    result = run("train", "--url", url, "--no-follow")

    assert result.exit_code == 0
    assert result.stdout == f"job {queue.enqueued[0]}\n"


def test_given_hyperparameters_are_used(
    url: str, run: RunCommand, queue: PromptQueue, engine: Engine
) -> None:
    run("train", "--url", url, "--epochs", 3, "--learning-rate", 0.01, "--seed", 0)

    spec = read_job(engine, queue.enqueued[0]).spec
    assert (spec.epochs, spec.learning_rate, spec.seed) == (3, 0.01, 0)
    assert (spec.preset, spec.batch_size) == ("tutorial", 128)


def test_any_hyperparameter_can_be_set(
    url: str, run: RunCommand, queue: PromptQueue, engine: Engine
) -> None:
    given = ["architecture=mlp", "ema_decay=0.99", 'schedule={"kind": "cosine"}']

    run("train", "--url", url, *(part for one in given for part in ("--set", one)))

    spec = read_job(engine, queue.enqueued[0]).spec
    assert (spec.architecture.name, spec.ema_decay) == ("mlp", 0.99)
    assert spec.schedule.kind == "cosine"


def test_a_setting_without_a_value_is_refused(url: str, run: RunCommand) -> None:
    result = run("train", "--url", url, "--set", "epochs")

    assert result.exit_code == 2
    assert "NAME=VALUE" in result.stderr


def test_a_refused_spec_enqueues_nothing(
    url: str, run: RunCommand, queue: PromptQueue
) -> None:
    with pytest.raises(ServiceRefused, match="/body/batch_size"):
        run("train", "--url", url, "--batch-size", 0)

    assert queue.enqueued == []


def test_the_environment_may_name_the_service(
    url: str, run: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELMILL_URL", url)

    assert run("train").exit_code == 0
