"""Commands that speak to a service: the options that all have, and who asks."""

from dataclasses import dataclass

import typer
from rich.console import Console

from app.cli.exits import exit_status, tell
from app.cli.options import AsJson, ServiceKey, ServiceUrl
from app.cli.output import Command, Output, option, with_options
from app.client import Client, Retries
from app.errors import ModelmillError

# A person waits: less than the client's own patience.
RETRIES = Retries(most=3)


@dataclass(frozen=True)
class Terminal(Output):
    """Who asks, and in which form the answer is written."""

    client: Client


def remote(command: Command) -> Command:
    """Give a command --url, --key and --json in the form of a Terminal.

    What goes wrong becomes words or JSON on stderr, and an exit status of its own.
    """

    def run(
        *, url: str | None, key: str | None, as_json: bool, **given: object
    ) -> None:
        with Client(url, key, retries=RETRIES) as client:
            try:
                command(Terminal(Console(), as_json, client), **given)
            except ModelmillError as error:
                tell(error, as_json=as_json)
                raise typer.Exit(exit_status(error)) from error

    shared = [
        option("url", ServiceUrl, None),
        option("key", ServiceKey, None),
        option("as_json", AsJson, default=False),
    ]
    return with_options(command, run, shared)
