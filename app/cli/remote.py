"""Commands that speak to a service: the options that all have, and where they write."""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer
from rich.console import Console, RenderableType

from app.cli.exits import exit_status, tell
from app.cli.options import AsJson, ServiceKey, ServiceUrl
from app.client import Client, Retries
from app.errors import ModelmillError

# A person waits: less than the client's own patience.
RETRIES = Retries(most=3)
Command = Callable[..., None]


@dataclass(frozen=True)
class Terminal:
    """Who asks, and in which form the answer is written."""

    client: Client
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
            self.console.print(for_people, markup=False, highlight=False)

    def write_line(self, document: dict[str, Any]) -> None:
        typer.echo(json.dumps(document))


def remote(command: Command) -> Command:
    """Give a command --url, --key and --json in the form of a Terminal.

    What goes wrong becomes words or JSON on stderr, and an exit status of its own.
    """

    def run(
        *, url: str | None, key: str | None, as_json: bool, **given: object
    ) -> None:
        with Client(url, key, retries=RETRIES) as client:
            try:
                command(Terminal(client, Console(), as_json), **given)
            except ModelmillError as error:
                tell(error, as_json=as_json)
                raise typer.Exit(exit_status(error)) from error

    signature = inspect.signature(command)
    _terminal, *own = signature.parameters.values()
    shared = [
        option("url", ServiceUrl, None),
        option("key", ServiceKey, None),
        option("as_json", AsJson, default=False),
    ]
    run.__signature__ = signature.replace(parameters=[*own, *shared])  # type: ignore[attr-defined]  # as inspect documents
    run.__doc__, run.__name__ = command.__doc__, command.__name__
    return run


def option(name: str, annotation: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )
