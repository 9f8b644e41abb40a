"""`modelmill db`: care for the database."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.cli.output import Output, local
from app.database.copying import copy_database
from app.database.engine import backup as write_backup
from app.database.engine import open_database
from app.settings import Settings

app = typer.Typer(help="Care for the database.", no_args_is_help=True)

Target = Annotated[Path, typer.Argument(help="The file to write; replaced if there.")]
Source = Annotated[str, typer.Argument(help="URL of the database to read.")]
Empty = Annotated[str, typer.Argument(help="URL of an empty database to fill.")]


def backup(output: Output, target: Target) -> None:
    """Write a consistent copy, also while the service runs."""
    engine = open_database(Settings().resolved_database_url)
    write_backup(engine, target)
    engine.dispose()
    shown = {"object": "file", "path": str(target), "size_bytes": target.stat().st_size}
    output.show(shown, f"backup written to {target}")


def copy(output: Output, source: Source, target: Empty) -> None:
    """Move a whole installation, as from SQLite to PostgreSQL.

    Both are URLs as MODELMILL_DATABASE_URL takes them: sqlite:///var/modelmill.sqlite3
    or postgresql://user:password@host/database. Every row is compared when written.
    """
    old, new = open_database(source), open_database(target)
    for table in copy_database(old, new):
        output.show(
            asdict(table),
            f"{table.name}: {table.rows} rows, digest {table.digest[:16]}",
        )
    output.say("copied; now start the service with MODELMILL_DATABASE_URL set to it")
    old.dispose()
    new.dispose()


app.command()(local(backup))
app.command()(local(copy))
