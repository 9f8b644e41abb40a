"""docs/cli.md tells of every command and exit status that there is."""

import re
from collections.abc import Iterator
from pathlib import Path

from typer import Typer

from app.cli import checkpoints, jobs, webhooks
from app.cli.exits import Exit

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()


def commands(name: str, app: Typer) -> Iterator[str]:
    for command in app.registered_commands:
        assert command.callback is not None
        yield f"modelmill {name} {command.name or command.callback.__name__}"


def test_every_command_is_told_of() -> None:
    there = {
        *commands("jobs", jobs.app),
        *commands("checkpoints", checkpoints.app),
        *commands("webhooks", webhooks.app),
    }

    told = set(re.findall(r"modelmill (?:jobs|checkpoints|webhooks) [a-z]+", PAGE))

    assert told == there


def test_every_exit_status_is_told_of() -> None:
    told = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)

    assert [int(status) for status in told] == list(Exit)
