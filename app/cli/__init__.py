"""`modelmill`: the whole product from a terminal."""

import logging
import sys

import typer
from pydantic import ValidationError

from app.cli import data, db, demo, doctor, models, predict, serve, train, worker
from app.errors import ModelmillError

FAILED = 1

cli = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)
cli.command("serve")(serve.serve)
cli.command("worker")(worker.worker)
cli.command("train")(train.train)
cli.command("predict")(predict.predict)
cli.command("demo")(demo.demo)
cli.command("doctor")(doctor.doctor)
cli.add_typer(data.app, name="data")
cli.add_typer(db.app, name="db")
cli.add_typer(models.app, name="models")


def main() -> None:
    """Run a command; what went wrong is one line, not a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        cli()
    except ModelmillError as error:
        stop(str(error))
    except ValidationError as error:
        stop("; ".join(map(describe_setting, error.errors())))


def describe_setting(detail: object) -> str:
    """Name the environment variable whose value is wrong."""
    assert isinstance(detail, dict)
    name = "_".join(map(str, detail["loc"])).upper()
    return f"MODELMILL_{name}: {detail['msg']} (got {detail['input']!r})"


def stop(message: str) -> None:
    typer.echo(f"modelmill: {message}", err=True)
    sys.exit(FAILED)
