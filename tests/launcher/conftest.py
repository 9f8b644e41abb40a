"""Real processes, and programs that only look like servers."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from app.launcher.service import Service

AddProgram = Callable[[str], Path]


class MakeService(Protocol):
    """Makes a service of a line of Python, not started yet."""

    def __call__(self, code: str, grace_seconds: float = 10.0) -> Service: ...


@pytest.fixture
def services() -> Iterator[list[Service]]:
    """Give a list whose services are stopped in the end."""
    services: list[Service] = []
    yield services
    for service in services:
        service.stop()


@pytest.fixture
def make_service(services: list[Service]) -> MakeService:
    def make(code: str, grace_seconds: float = 10.0) -> Service:
        command = [sys.executable, "-c", code]
        service = Service("tiny", command, dict(os.environ), grace_seconds)
        services.append(service)
        return service

    return make


@pytest.fixture
def add_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AddProgram:
    """Put programs that end at once in a PATH that has nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def add(name: str) -> Path:
        program = folder / name
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
        return program

    return add
