"""Log lines of every process: text for people, JSON for machines, with their ids."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import IO, Literal

LogFormat = Literal["text", "json"]
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"

# What is being worked on, here and in the threads that this context is copied to.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
job_id: ContextVar[str | None] = ContextVar("job_id", default=None)


class JsonFormatter(logging.Formatter):
    """One JSON object a line; a traceback is part of its message."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": super().format(record),
            "request_id": request_id.get(),
            "job_id": job_id.get(),
        }
        return json.dumps({key: value for key, value in line.items() if value})


def formatter(log_format: LogFormat) -> logging.Formatter:
    return JsonFormatter() if log_format == "json" else logging.Formatter(TEXT)


def set_up_logs(
    log_format: LogFormat, level: str, stream: IO[str] | None = None
) -> logging.Handler:
    """Send every logger's lines to stream, by default to stderr, in this format.

    uvicorn brings handlers of its own, which would write the same in another one.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(log_format))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        # Requests have a line of our own, which costs a fraction of uvicorn's.
        logger.propagate = name != "uvicorn.access"
    return handler


@contextmanager
def logging_to_stderr(log_format: LogFormat, level: str) -> Iterator[None]:
    """Set the logs up for as long as the block lasts."""
    root = logging.getLogger()
    before = root.level
    handler = set_up_logs(log_format, level)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


@contextmanager
def about_job(identity: object) -> Iterator[None]:
    """Name the job in every line that is logged in this block."""
    token = job_id.set(str(identity))
    try:
        yield
    finally:
        job_id.reset(token)
