"""`modelmill keys`: who may ask the service, and for what."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from app.database.engine import migrate, open_database, write_session
from app.keys import store
from app.keys.scope import USUAL, Scope
from app.models import ApiKey, now
from app.settings import Settings

app = typer.Typer(help="Who may ask, and for what.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Who will use it.")]
Scopes = Annotated[
    list[Scope] | None,
    typer.Option("--scope", help="What it is good for; may be given several times."),
]
Days = Annotated[int | None, typer.Option(min=1, help="It ends after so many days.")]
Most = Annotated[int | None, typer.Option(min=0)]
KeyId = Annotated[str, typer.Argument(help="As `modelmill keys list` shows it.")]


@contextmanager
def own_database() -> Iterator[Session]:
    """Open the database of this installation itself: the service need not run."""
    engine = open_database(Settings().resolved_database_url)
    migrate(engine)
    try:
        with write_session(engine) as session:
            yield session
    finally:
        engine.dispose()


@app.command()
def create(name: Name, scope: Scopes = None, days: Days = None) -> None:
    """Make a key and print it, this once. By default it may predict, read and train."""
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    with own_database() as session:
        _row, key = store.create_key(session, name, scope or USUAL, expires_at)
    typer.echo(key)


@app.command("list")
def list_keys() -> None:
    """Show every key that was ever made; never the keys themselves."""
    table = Table("id", "name", "scopes", "state", "last used")
    with own_database() as session:
        for row in store.list_keys(session):
            used = "never" if row.last_used_at is None else f"{row.last_used_at:%F %R}"
            table.add_row(row.id, row.name, ", ".join(row.scopes), state(row), used)
    Console().print(table)


@app.command()
def limit(
    key_id: KeyId,
    queued_jobs: Most = None,
    running_jobs: Most = None,
    stored_bytes: Most = None,
    epochs_a_day: Most = None,
) -> None:
    """Give a key quotas of its own; those not named are as the settings say."""
    values = {
        "max_queued_jobs": queued_jobs,
        "max_running_jobs": running_jobs,
        "max_stored_bytes": stored_bytes,
        "max_epochs_a_day": epochs_a_day,
    }
    with own_database() as session:
        row = store.edit_key(session, key_id, values)
    own = [f"{most} {name}" for name, most in row.quotas.items() if most is not None]
    typer.echo(f"{row.id} ({row.name}): {', '.join(own) or 'as the settings say'}")


@app.command()
def revoke(key_id: KeyId) -> None:
    """End a key for good, within seconds."""
    with own_database() as session:
        row = store.revoke_key(session, key_id)
    typer.echo(f"revoked {row.id} ({row.name})")


def state(row: ApiKey) -> str:
    if row.revoked_at is not None:
        return f"revoked {row.revoked_at:%F}"
    if store.has_ended(row, now()):
        return "expired"
    return "good" if row.expires_at is None else f"good until {row.expires_at:%F}"
