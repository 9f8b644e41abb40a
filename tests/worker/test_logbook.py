"""A child's output becomes its job's log, and its last words are remembered."""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any

import pytest
from sqlalchemy import Engine, event

from app import jobs
from app.database.engine import read_session
from app.jobs import Claim
from app.logs import JsonFormatter
from app.models import JobLog
from tests.factories import running_job
from worker.logbook import (
    LAST_LINES,
    LONGEST_LINE,
    Logbook,
    parse_line,
)


@contextmanager
def pipe() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    reader, writer = os.pipe()
    with ExitStack() as stack:
        ends = (os.fdopen(reader, "rb"), os.fdopen(writer, "wb"))
        for end in ends:
            stack.enter_context(end)
        yield ends


def kept(engine: Engine, claim: Claim) -> list[JobLog]:
    with read_session(engine) as session:
        return jobs.list_log_lines(session, claim.job_id, after=0)


def logged(engine: Engine, claim: Claim, output: bytes) -> tuple[str, ...]:
    with pipe() as (stream, child):
        logbook = Logbook(engine, claim, stream)
        child.write(output)
        child.close()
        return logbook.close()


@pytest.fixture
def claim(engine: Engine) -> Claim:
    return running_job(engine)


def test_a_record_arrives_with_its_level(engine: Engine, claim: Claim) -> None:
    record = logging.LogRecord(
        "x", logging.WARNING, "", 0, "%s lines\nand 七", ("two",), exc_info=None
    )
    line = JsonFormatter().format(record)

    logged(engine, claim, line.encode() + b"\n")

    [row] = kept(engine, claim)
    assert "\n" not in line
    assert (row.level, row.message) == ("warning", "two lines\nand 七")
    assert (row.number, row.attempt) == (1, claim.attempt)


@pytest.mark.parametrize(
    ("output", "message"),
    [
        pytest.param(b"Segmentation fault", "Segmentation fault", id="words"),
        pytest.param(b"", "", id="nothing"),
        pytest.param(b"{}", "{}", id="another object"),
        pytest.param(b"[1]", "[1]", id="a list"),
        pytest.param(b"7", "7", id="a number"),
        pytest.param(b'{"level": "info"}', '{"level": "info"}', id="half of ours"),
        pytest.param(b"\xff!\r", "\ufffd!", id="no UTF-8"),
    ],
)
def test_whatever_else_is_written_is_output(
    engine: Engine, claim: Claim, output: bytes, message: str
) -> None:
    logged(engine, claim, output + b"\n")

    [row] = kept(engine, claim)
    assert (row.level, row.message) == ("output", message)


def test_a_last_line_without_an_end_is_kept(engine: Engine, claim: Claim) -> None:
    assert logged(engine, claim, b"one\ntwo") == ("one", "two")
    assert [row.message for row in kept(engine, claim)] == ["one", "two"]


def test_a_child_that_says_nothing_has_no_lines(engine: Engine, claim: Claim) -> None:
    assert logged(engine, claim, b"") == ()
    assert kept(engine, claim) == []


def test_only_the_last_lines_are_told(engine: Engine, claim: Claim) -> None:
    lines = [str(number) for number in range(LAST_LINES + 5)]

    last = logged(engine, claim, "\n".join(lines).encode())

    assert last == tuple(lines[-LAST_LINES:])
    assert [row.message for row in kept(engine, claim)] == lines


def test_a_burst_is_one_transaction(engine: Engine, claim: Claim) -> None:
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)

    logged(engine, claim, b"line\n" * 500)

    assert len(commits) == 1
    assert len(kept(engine, claim)) == 500


def test_a_line_is_stored_while_the_child_goes_on(engine: Engine, claim: Claim) -> None:
    stored: list[Any] = []
    with pipe() as (stream, child):
        logbook = Logbook(engine, claim, stream)
        child.write(b"first\n")
        child.flush()
        while not stored:
            stored = kept(engine, claim)
        child.write(b"second\n")
        child.close()
        logbook.close()

    assert [row.message for row in stored] == ["first"]
    assert [row.number for row in kept(engine, claim)] == [1, 2]


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_long_line_is_cut(claim: Claim, is_ours: bool) -> None:  # noqa: FBT001
    text = "x" * (LONGEST_LINE + 1)
    line = json.dumps({"level": "y" * 99, "message": text}) if is_ours else text

    row = parse_line(claim, line)

    assert row.message == "x" * LONGEST_LINE
    assert len(row.level) <= 16


def test_lines_that_the_database_refuses_are_lost_and_nothing_else(
    engine: Engine, claim: Claim, caplog: pytest.LogCaptureFixture
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE job_log")

    assert logged(engine, claim, b"one\n") == ("one",)

    assert "lost 1 log lines" in caplog.text
