"""`modelmill jobs`: what people see, and what programs read."""

import json
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from app import jobs
from app.cli import cli
from app.database.engine import write_session
from app.models import JobError, JobLog
from app.states import ErrorCode
from tests.cli.conftest import NOBODY, RunCommand
from tests.factories import (
    claimed_job,
    running_job,
    submitted_job,
    succeeded_job,
    tiny_spec,
)


@pytest.fixture(autouse=True)
def _here(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every command speak to the application."""
    monkeypatch.setenv("MODELMILL_URL", url)


def documents(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_jobs_are_listed_newest_first(run: RunCommand, engine: Engine) -> None:
    older, newer = succeeded_job(engine), submitted_job(engine)

    result = run("jobs", "list")

    rows = [row.split() for row in result.stdout.splitlines() if "tutorial" in row]
    assert [row[1] for row in rows] == [str(newer.id)[:8], str(older.id)[:8]]
    assert [row[3] for row in rows] == ["queued", "succeeded"]
    assert rows[1][9:12:2] == ["75.00%", "87.50%"]


def test_as_json_a_line_is_a_job(run: RunCommand, engine: Engine) -> None:
    ids = [str(submitted_job(engine).id) for _ in range(3)]
    succeeded_job(engine)

    result = run("jobs", "list", "--json", "--status", "queued", "--limit", 2)

    assert [job["id"] for job in documents(result.stdout)] == ids[:0:-1]


def test_a_job_is_shown_with_its_metrics(run: RunCommand, engine: Engine) -> None:
    job = succeeded_job(engine, epochs=2)

    result = run("jobs", "show", str(job.id)[:6])

    for words in (str(job.id), "tutorial on mnist, seed 7", "87.50%", "completed"):
        assert words in result.stdout
    assert "█▁" in result.stdout
    assert "0.5000" in result.stdout


def test_a_queued_job_is_shown_with_its_place(run: RunCommand, engine: Engine) -> None:
    submitted_job(engine, tiny_spec(name="my [first]"))

    result = run("jobs", "show", "last")

    assert "my [first]" in result.stdout
    assert "place in the queue  1" in result.stdout


def test_a_failed_job_is_shown_with_its_error(run: RunCommand, engine: Engine) -> None:
    claim = running_job(engine)
    error = JobError(
        code=ErrorCode.DISK_FULL, message="No room.", hint="Make some.", retryable=True
    )
    with write_session(engine) as session:
        jobs.record_error(session, claim, error)

    assert "No room. Make some." in run("jobs", "show", "last").stdout


def test_as_json_a_job_is_one_document(run: RunCommand, engine: Engine) -> None:
    job = succeeded_job(engine)

    (document,) = documents(run("jobs", "show", "last", "--json").stdout)

    assert (document["id"], document["object"]) == (str(job.id), "job")
    assert [change["status"] for change in document["history"]][-1] == "succeeded"


def test_a_job_is_followed_from_where_it_stands(
    run: RunCommand, engine: Engine
) -> None:
    succeeded_job(engine)

    result = run("jobs", "follow", "last")

    assert result.exit_code == 0
    assert "succeeded: test accuracy 87.50%" in result.stdout


def test_following_to_another_end_is_failure(run: RunCommand, engine: Engine) -> None:
    run("jobs", "cancel", submitted_job(engine).id)

    assert run("jobs", "follow", "last").exit_code == 1


def test_jobs_are_compared_by_what_differs(run: RunCommand, engine: Engine) -> None:
    first = submitted_job(engine, tiny_spec(batch_size=4))
    second = submitted_job(engine, tiny_spec(batch_size=5, name="[b]"))

    lines = run("jobs", "compare", first.id, second.id).stdout.splitlines()

    assert any(str(first.id)[:8] in line and "[b]" in line for line in lines)
    (sizes,) = [line.split() for line in lines if "batch_size" in line]
    assert sizes[3::2] == ["4", "5"]
    assert not any("seed" in line for line in lines)


def test_as_json_compared_jobs_are_a_line_each(run: RunCommand, engine: Engine) -> None:
    job = submitted_job(engine)

    found = documents(run("jobs", "compare", "last", job.id, "--json").stdout)

    assert [document["id"] for document in found] == [str(job.id)] * 2


@pytest.mark.parametrize(
    ("action", "status"),
    [("stop", "stopping"), ("cancel", "cancelling"), ("pause", "pausing")],
)
def test_an_action_says_what_the_job_is_now(
    run: RunCommand, engine: Engine, action: str, status: str
) -> None:
    job_id = running_job(engine).job_id

    assert run("jobs", action, "last").stdout == f"job {job_id} is {status}\n"


def test_several_jobs_take_one_command(run: RunCommand, engine: Engine) -> None:
    first, second = submitted_job(engine), submitted_job(engine)
    run("jobs", "pause", first.id, second.id)

    result = run("jobs", "resume", first.id, second.id, "--json")

    assert [job["status"] for job in documents(result.stdout)] == ["queued"] * 2


def test_what_cannot_be_done_now_is_a_conflict(run: RunCommand, engine: Engine) -> None:
    succeeded_job(engine)

    result = run("jobs", "pause", "last")

    assert (result.exit_code, result.stdout) == (6, "")
    assert result.stderr.startswith("modelmill: ")


def test_a_retry_is_a_new_job(run: RunCommand, engine: Engine) -> None:
    old = succeeded_job(engine)

    result = run("jobs", "retry", "last", "--set", "epochs=5", "--json")

    (new,) = documents(result.stdout)
    assert (new["retried_from"], new["spec"]["epochs"]) == (str(old.id), 5)


@pytest.mark.parametrize(
    ("option", "words"), [([], "job "), (["--files-only"], "the files of job ")]
)
def test_a_job_is_deleted(
    run: RunCommand, engine: Engine, option: list[str], words: str
) -> None:
    job = succeeded_job(engine)

    result = run("jobs", "delete", job.id, *option)

    assert result.stdout == f"deleted {words}{job.id}\n"


def test_logs_are_lines(run: RunCommand, engine: Engine) -> None:
    claim = claimed_job(engine, submitted_job(engine).id)
    line = JobLog(job_id=claim.job_id, attempt=1, level="INFO", message="[hello]")
    with write_session(engine) as session:
        jobs.add_log_lines(session, claim, [line])

    assert run("jobs", "logs", "last").stdout.endswith("#1 INFO    [hello]\n")
    (document,) = documents(run("jobs", "logs", "last", "--json").stdout)
    assert document["message"] == "[hello]"


def test_an_unknown_job_is_told_with_near_ones(run: RunCommand, engine: Engine) -> None:
    job_id = str(submitted_job(engine).id)
    mistyped = job_id[:-1] + ("0" if job_id[-1] != "0" else "1")

    result = run("jobs", "show", mistyped)

    assert result.exit_code == 5
    assert result.stderr == (
        f"modelmill: No job's id is, or begins with, {mistyped!r}; did you mean "
        f"{job_id}?\n"
    )


def test_a_beginning_of_several_ids_names_them(run: RunCommand, engine: Engine) -> None:
    ids = {str(submitted_job(engine).id) for _ in range(2)}

    result = run("jobs", "show", "", "--json")

    (error,) = documents(result.stderr)
    assert (result.exit_code, error["code"]) == (5, "job_not_found")
    assert all(job_id in error["detail"] for job_id in ids)


def test_where_nothing_is_near_the_list_is_named(run: RunCommand) -> None:
    for unknown in ("last", "zzz", uuid4()):
        assert "`modelmill jobs list` shows" in run("jobs", "show", unknown).stderr


def test_an_action_on_an_unknown_job_tells_near_ones(
    run: RunCommand, engine: Engine
) -> None:
    assert run("jobs", "stop", uuid4()).exit_code == 5


def completions(words: str) -> str:
    """Ask for what zsh would offer after these words."""
    where = {"_MODELMILL_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": words}
    return CliRunner().invoke(cli, [], env=where, prog_name="modelmill").stdout


def test_a_shell_is_offered_ids(engine: Engine) -> None:
    job, other = submitted_job(engine), submitted_job(engine, tiny_spec(name="mine"))

    assert str(job.id) in completions("modelmill jobs show ")
    offered = completions(f"modelmill jobs show {str(other.id)[:9]}")
    assert str(other.id) in offered
    assert "queued mine" in offered
    assert str(job.id) not in offered


def test_a_shell_is_offered_nothing_where_nobody_answers() -> None:
    assert "-" not in completions(f"modelmill jobs show --url {NOBODY} ")
