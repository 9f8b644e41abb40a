"""`modelmill db`: care for the database."""

from pathlib import Path
from typing import Annotated

import typer

from app.database.engine import backup as write_backup
from app.database.engine import open_database
from app.settings import Settings

app = typer.Typer(help="Care for the database.", no_args_is_help=True)

Target = Annotated[Path, typer.Argument(help="The file to write; replaced if there.")]


# Without a callback, Typer would make the only command the whole application.
@app.callback()
def db() -> None:
    pass


@app.command()
def backup(target: Target) -> None:
    """Write a consistent copy, also while the service runs."""
    engine = open_database(Settings().resolved_database_url)
    write_backup(engine, target)
    engine.dispose()
    typer.echo(f"backup written to {target}")
