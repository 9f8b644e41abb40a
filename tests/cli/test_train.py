"""`modelmill train` submits what was given and ends as the job ends."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app import jobs
from app.cli.words import span
from app.database.engine import write_session
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
    url: str, run: RunCommand, queue: PromptQueue, engine: Engine
) -> None:
    result = run("train", "--url", url)

    assert result.exit_code == 0
    assert [line.rstrip() for line in result.stdout.splitlines()] == [
        f"job {queue.enqueued[0]}",
        "waiting for a worker",
        "epoch 1/10 done  loss 2.0000  accuracy 50.00%  validation loss 1.0000  "
        "accuracy 75.00%  1.5 s",
        "succeeded: test accuracy 87.50% (best epoch 1)",
        "  epochs               1 of 10",
        "  ended                completed",
        "  validation accuracy  75.00%",
        f"  took                 {took(engine, queue)}",
        f"  modelmill predict FILE… --job {str(queue.enqueued[0])[:8]}",
        f"  modelmill checkpoints pull {str(queue.enqueued[0])[:8]}",
    ]


def took(engine: Engine, queue: FakeQueue) -> str:
    job = read_job(engine, queue.enqueued[0])
    assert job.started_at is not None
    assert job.finished_at is not None
    return span((job.finished_at - job.started_at).total_seconds())


def test_a_job_that_fails_is_failure(
    url: str, run: RunCommand, queue: PromptQueue
) -> None:
    queue.end_job = fail

    result = run("train", "--url", url)

    assert result.exit_code == 1
    assert "failed: It diverged. Go slower." in result.stdout.splitlines()


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
    result = run("train", "--url", url, "--batch-size", 0)

    assert (result.exit_code, result.stdout, queue.enqueued) == (7, "", [])
    assert "  /body/batch_size: Input should be greater" in result.stderr


def test_the_environment_may_name_the_service(
    url: str, run: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELMILL_URL", url)

    assert run("train").exit_code == 0


def test_followed_as_json_each_line_is_a_document(
    url: str, run: RunCommand, queue: PromptQueue
) -> None:
    result = run("train", "--url", url, "--json", "--name", "mine")

    first, *events, last = map(json.loads, result.stdout.splitlines())
    assert (first["object"], first["status"], first["name"]) == (
        "job",
        "queued",
        "mine",
    )
    assert [event["object"] for event in events] == ["event"] * 4
    assert [event["kind"] for event in events][-1] == "succeeded"
    assert (last["object"], last["test_accuracy"]) == ("job", 0.875)


def test_not_followed_as_json_there_is_one_document(
    url: str, run: RunCommand, queue: PromptQueue
) -> None:
    result = run("train", "--url", url, "--json", "--no-follow")

    assert json.loads(result.stdout)["id"] == str(queue.enqueued[0])


def test_a_refusal_as_json_is_the_problem_on_stderr(url: str, run: RunCommand) -> None:
    result = run("train", "--url", url, "--json", "--epochs", 0)

    assert (result.exit_code, result.stdout) == (7, "")
    problem = json.loads(result.stderr)
    assert (problem["object"], problem["code"]) == ("error", "invalid_request")
    assert problem["errors"][0]["pointer"] == "/body/epochs"


def test_the_last_picture_of_the_terminal_can_be_kept(
    url: str, run: RunCommand, tmp_path: Path
) -> None:
    run("train", "--url", url, "--svg", tmp_path / "train.svg")

    picture = (tmp_path / "train.svg").read_text()
    assert "modelmill&#160;predict" in picture
    assert "▁" in picture
