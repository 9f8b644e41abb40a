"""`modelmill`: the whole product from a terminal."""

import json
import logging
import sys
from typing import NoReturn

import typer
from pydantic import ValidationError
from typer.exceptions import TyperException

from app.cli import audit, checkpoints, jobs, models, predict, train, webhooks
from app.cli.commands import Commands
from app.cli.exits import Exit, exit_status, tell
from app.cli.remote import remote
from app.errors import ModelmillError

cli = typer.Typer(
    cls=Commands, help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False
)
cli.command("train")(remote(train.train))
cli.command("predict")(remote(predict.predict))
cli.add_typer(jobs.app, name="jobs")
cli.add_typer(checkpoints.app, name="checkpoints")
cli.add_typer(models.app, name="models")
cli.add_typer(webhooks.app, name="webhooks")
cli.command("audit")(remote(audit.audit))


def main() -> NoReturn:
    """Run a command; what went wrong is told in short, not as a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    as_json = "--json" in sys.argv
    try:
        # Typer draws a box around a misuse, which no program can read.
        sys.exit(cli(standalone_mode=not as_json))
    except ModelmillError as error:
        tell(error, as_json=as_json)
        sys.exit(exit_status(error))
    except ValidationError as error:
        stop("; ".join(map(describe_setting, error.errors())))
    except TyperException as error:
        document = {"object": "error", "code": "misused", "detail": str(error)}
        typer.echo(json.dumps(document), err=True)
        sys.exit(Exit.MISUSED)


def describe_setting(detail: object) -> str:
    """Name the environment variable whose value is wrong."""
    assert isinstance(detail, dict)
    name = "_".join(map(str, detail["loc"])).upper()
    if not name:  # of several together: the message names them
        return str(detail["msg"]).removeprefix("Value error, ")
    return f"MODELMILL_{name}: {detail['msg']} (got {detail['input']!r})"


def stop(message: str) -> NoReturn:
    typer.echo(f"modelmill: {message}", err=True)
    sys.exit(Exit.FAILED)
