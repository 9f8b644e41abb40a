"""A log line for each request, written together with its neighbours'.

A line by way of the logging module costs as much as a twentieth of a prediction; these
are put together from a few words and written five times a second.
"""

import asyncio
import json
import logging
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from app.logs import LogFormat

LOGGER_NAME = "modelmill.access"
FLUSH_SECONDS = 0.2


class Answered(NamedTuple):
    """What one line tells."""

    at: float
    method: str
    path: str
    route: str
    status: int
    seconds: float
    request_id: str


class AccessLog:
    """Gathers lines on an event loop; silent below the level of information."""

    def __init__(
        self, log_format: LogFormat, level: str, write: Callable[[str], object]
    ) -> None:
        self._line = json_line if log_format == "json" else text_line
        self._is_on = logging.getLevelNamesMapping()[level.upper()] <= logging.INFO
        self._write = write
        self._gathered: list[Answered] = []

    def add(self, answered: Answered) -> None:
        if not self._is_on:
            return
        if not self._gathered:
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)
        self._gathered.append(answered)

    def flush(self) -> None:
        gathered, self._gathered = self._gathered, []
        if gathered:
            self._write("".join(map(self._line, gathered)))


def write_to_stderr(text: str) -> None:
    """Write at once; a reader that has gone away loses what it missed."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def json_line(answered: Answered) -> str:
    """Put the object together by hand: only a path and a route can need escapes."""
    moment = datetime.fromtimestamp(answered.at, UTC).isoformat(timespec="milliseconds")
    path, method = json.dumps(answered.path), answered.method
    return (
        f'{{"time": "{moment}", "level": "info", "logger": "{LOGGER_NAME}", '
        f'"message": "{method} {path[1:-1]} {answered.status}", "method": "{method}", '
        f'"path": {path}, "route": {json.dumps(answered.route)}, '
        f'"status": {answered.status}, "seconds": {answered.seconds:.6f}, '
        f'"request_id": "{answered.request_id}"}}\n'
    )


def text_line(answered: Answered) -> str:
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(answered.at))
    path = answered.path if answered.path.isprintable() else ascii(answered.path)
    return (
        f"{moment} INFO {LOGGER_NAME} {answered.method} {path} {answered.status} "
        f"{answered.seconds * 1000:.1f} ms {answered.request_id}\n"
    )
