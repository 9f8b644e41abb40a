"""Where a command writes: words for people, or JSON for programs."""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer
from rich.console import Console, RenderableType

from app.cli.options import AsJson

Command = Callable[..., None]


@dataclass(frozen=True)
class Output:
    """The form in which answers are written."""

    console: Console
    as_json: bool

    def show(self, document: dict[str, Any], for_people: RenderableType) -> None:
        if self.as_json:
            self.write_line(document)
        else:
            self.say(for_people)

    def say(self, for_people: RenderableType) -> None:
        """Write to people only."""
        if not self.as_json:
            # A name may have brackets, which rich would take for its markup.
            # A line is left whole, for whoever copies or pipes it.
            whole = isinstance(for_people, str)
            self.console.print(
                for_people, markup=False, highlight=False, soft_wrap=whole
            )

    def write_line(self, document: dict[str, Any]) -> None:
        typer.echo(json.dumps(document))


def local(command: Command) -> Command:
    """Give a command of this machine --json in the form of an Output."""

    def run(*, as_json: bool, **given: object) -> None:
        command(Output(Console(), as_json), **given)

    return with_options(command, run, [option("as_json", AsJson, default=False)])


def with_options(
    command: Command, run: Command, shared: list[inspect.Parameter]
) -> Command:
    """Let `run` look like a command without its first parameter, and with options."""
    signature = inspect.signature(command)
    _output, *own = signature.parameters.values()
    run.__signature__ = signature.replace(parameters=[*own, *shared])  # type: ignore[attr-defined]  # as inspect documents
    run.__doc__, run.__name__ = command.__doc__, command.__name__
    return run


def option(name: str, annotation: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )
