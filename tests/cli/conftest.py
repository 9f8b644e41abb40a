"""The application at an address of its own, for commands that speak HTTP."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from typer.testing import CliRunner, Result

from app.cli import cli

NOBODY = "http://127.0.0.1:1"

RunCommand = Callable[..., Result]


@contextmanager
def serving(application: ASGIApp) -> Iterator[str]:
    """Serve the application on a free port in a thread; give its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    # Without lifespan, so no reconciler runs beside the test.
    config = uvicorn.Config(application, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def url(app: FastAPI) -> Iterator[str]:
    with serving(app) as url:
        yield url


@pytest.fixture
def run() -> RunCommand:
    """Run a command of `modelmill`; an error that it raises is the test's."""
    return lambda *arguments: CliRunner().invoke(
        cli, list(map(str, arguments)), catch_exceptions=False
    )
