"""Every request leaves one line, and lines are written together."""

import asyncio
import io
import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api.access import AccessLog, Answered, write_to_stderr
from app.logs import LogFormat

ANSWERED = Answered(1.5, "GET", "/jobs/7", "/jobs/{job_id}", 200, 0.0125, "r-1")


def written(*lines: Answered, log_format: LogFormat, level: str = "info") -> str:
    texts: list[str] = []

    async def gather() -> None:
        log = AccessLog(log_format, level, texts.append)
        for line in lines:
            log.add(line)
        log.flush()
        log.flush()

    asyncio.run(gather())
    assert len(texts) <= 1
    return "".join(texts)


def test_a_json_line_tells_the_request() -> None:
    first, second = written(ANSWERED, ANSWERED, log_format="json").splitlines()

    assert first == second
    line: dict[str, Any] = json.loads(first)
    assert line["time"] == "1970-01-01T00:00:01.500+00:00"
    assert line["message"] == "GET /jobs/7 200"
    assert (line["route"], line["status"]) == ("/jobs/{job_id}", 200)
    assert (line["seconds"], line["request_id"]) == (0.0125, "r-1")


def test_a_text_line_tells_the_request() -> None:
    line = written(ANSWERED, log_format="text")

    assert line.endswith(" INFO modelmill.access GET /jobs/7 200 12.5 ms r-1\n")


def test_a_path_cannot_forge_a_line() -> None:
    forged = ANSWERED._replace(path="/a\n2026 INFO all is well")

    assert written(forged, log_format="text").count("\n") == 1
    assert written(forged, log_format="json").count("\n") == 1


def test_below_its_level_the_log_is_silent() -> None:
    assert written(ANSWERED, log_format="text", level="warning") == ""


def test_lines_are_written_a_moment_later() -> None:
    texts: list[str] = []
    done = asyncio.Event()

    def write(text: str) -> None:
        texts.append(text)
        done.set()

    async def wait() -> None:
        AccessLog("text", "info", write).add(ANSWERED)
        await done.wait()

    asyncio.run(wait())

    assert len(texts) == 1


def test_a_request_is_told_with_its_route(
    app: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Answered] = []
    app.state.watcher.access_log.add = told.append

    client.get(
        "/jobs/00000000-0000-0000-0000-000000000001", headers={"X-Request-ID": "r"}
    )

    [line] = told
    assert (line.method, line.route, line.status) == ("GET", "/jobs/{job_id}", 404)
    assert line.path.endswith("0001")
    assert (line.request_id, line.seconds > 0) == ("r", True)


def test_a_reader_that_has_gone_away_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_to_stderr("a line\n")
    assert capsys.readouterr().err == "a line\n"
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("sys.stderr", closed)

    write_to_stderr("lost\n")
