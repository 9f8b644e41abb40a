"""A client of the application at an address of its own, and one that never waits."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from app.client import Client, Retries
from tests.serving import serving


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MODELMILL_URL", raising=False)
    monkeypatch.delenv("MODELMILL_KEY", raising=False)


@pytest.fixture
def url(app: FastAPI) -> Iterator[str]:
    with serving(app) as url:
        yield url


@pytest.fixture
def remote(url: str) -> Iterator[Client]:
    """Speak to the real application."""
    with Client(url, retries=Retries(most=0)) as client:
        yield client


@pytest.fixture
def pauses() -> list[float]:
    """Collect how long a client would have waited."""
    return []


@pytest.fixture
def retries(pauses: list[float]) -> Retries:
    return Retries(most=3, sleep=pauses.append)
