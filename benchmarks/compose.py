"""A compose project of its own, driven by the real `docker compose`."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PROJECT = "modelmill-check"
PUBLISHED = "127.0.0.1:18000"
STARTED_WITHIN = "300"


class ComposeFailed(Exception):
    """Docker refused, or a service did not become healthy."""


def docker(*arguments: str, **environment: str) -> str:
    """Run a command of docker's and return what it printed."""
    done = subprocess.run(
        ["docker", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        command = " ".join(["docker", *arguments])
        raise ComposeFailed(f"{command}: {done.stderr[-2000:]}")
    return done.stdout


def why_not() -> str | None:
    """Say why there is no working `docker compose`; None if there is."""
    try:
        docker("compose", "version")
        docker("info", "--format", "{{.ServerVersion}}")
    except (OSError, ComposeFailed) as error:
        return str(error)
    return None


class Project:
    """The unchanged compose file, and perhaps a further one, under its own name."""

    url = f"http://{PUBLISHED}"

    def __init__(self, further: str | None) -> None:
        files = ["docker-compose.yml", *([further] if further else [])]
        self._files = [part for file in files for part in ("--file", file)]

    def compose(self, *arguments: str, **environment: str) -> str:
        chosen = {"MODELMILL_PUBLISH": PUBLISHED, **environment}
        named = ("--project-name", PROJECT, *self._files)
        return docker("compose", *named, *arguments, **chosen)

    def build(self, revision: str) -> None:
        self.compose("build", "api", REVISION=revision)

    def up(self, *options: str) -> None:
        """Start what does not run yet or has changed; wait until all are healthy."""
        waiting = ("--wait", "--wait-timeout", STARTED_WITHIN)
        self.compose("up", "--detach", "--no-build", *waiting, *options)

    def inside(self, service: str, *command: str) -> str:
        return self.compose("exec", "--no-TTY", service, *command)

    def containers(self, service: str) -> list[dict[str, Any]]:
        """Return what docker says of a service's containers, ended ones too."""
        ids = self.compose("ps", "--all", "--quiet", service).split()
        found: list[dict[str, Any]] = json.loads(docker("inspect", *ids))
        return found

    def health(self) -> dict[str, str]:
        """Return the health of each container that runs."""
        lines = self.compose("ps", "--format", "json").splitlines()
        rows = [json.loads(line) for line in lines]
        return {row["Name"]: row["Health"] for row in rows}

    def log(self) -> str:
        return self.compose("logs", "--no-color", "--tail", "40")


@contextmanager
def project(further: str | None = None) -> Iterator[Project]:
    """Remove all that a run has made, volumes too, before it and after it."""
    one = Project(further)
    remove = ("--profile", "*", "down", "--volumes", "--remove-orphans")
    one.compose(*remove)
    try:
        yield one
    finally:
        one.compose(*remove)
