"""The application at an address of its own, for commands that speak HTTP."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from typer.testing import CliRunner, Result

from app.cli import cli
from tests.serving import NOBODY as NOBODY
from tests.serving import serving as serving

RunCommand = Callable[..., Result]


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
