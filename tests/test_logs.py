"""Log lines are for people or for machines, and carry the ids of what they tell."""

import io
import json
import logging

import pytest

from app.logs import (
    JsonFormatter,
    about_job,
    formatter,
    job_id,
    logging_to_stderr,
    request_id,
    set_up_logs,
)


def record(message: str = "a line", *, fault: bool = False) -> logging.LogRecord:
    error = ValueError("torn")
    info = (ValueError, error, None) if fault else None
    return logging.LogRecord("app.x", logging.WARNING, "", 0, message, (), info)


def test_a_json_line_says_when_who_and_what() -> None:
    line = json.loads(JsonFormatter().format(record()))

    assert line["time"].endswith("+00:00")
    assert (line["level"], line["logger"]) == ("warning", "app.x")
    assert line["message"] == "a line"
    assert line["process"] > 0
    assert not {"request_id", "job_id"} & set(line)


def test_a_json_line_names_the_request_and_the_job() -> None:
    token = request_id.set("r-1")
    with about_job("j-1"):
        line = json.loads(JsonFormatter().format(record()))
    request_id.reset(token)

    assert (line["request_id"], line["job_id"]) == ("r-1", "j-1")
    assert job_id.get() is None


def test_a_traceback_stays_within_its_line() -> None:
    text = JsonFormatter().format(record(fault=True))

    assert "\n" not in text
    assert "ValueError: torn" in json.loads(text)["message"]


def test_a_text_line_is_for_people() -> None:
    assert formatter("text").format(record()).endswith("WARNING app.x a line")


@pytest.mark.parametrize(("level", "count"), [("info", 1), ("error", 0)])
def test_a_level_keeps_lines_below_it_out(level: str, count: int) -> None:
    root, written = logging.getLogger(), io.StringIO()
    before = root.level

    handler = set_up_logs("json", level, written)
    logging.getLogger("app.x").warning("a line")
    root.removeHandler(handler)
    root.setLevel(before)

    assert len(written.getvalue().splitlines()) == count


def test_lines_of_the_server_come_in_the_same_format(
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = logging.getLogger("uvicorn.error")
    server.addHandler(logging.StreamHandler(io.StringIO()))
    before = logging.getLogger().handlers[:]

    with logging_to_stderr("json", "info"):
        server.info("Application startup complete.")
        logging.getLogger("uvicorn.access").info("a second line for a request")

    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "Application startup complete."
    assert logging.getLogger().handlers == before
