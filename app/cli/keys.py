"""`modelmill keys`: who may ask the service, and for what."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table
from sqlmodel import Session

from app.audit import store_entries
from app.audit_models import AuditEntry
from app.cli.output import Output, local
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

MOMENTS = {"created_at", "expires_at", "revoked_at", "last_used_at"}
SHOWN = {"id", "name", "scopes", *MOMENTS}


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


def create(output: Output, name: Name, scope: Scopes = None, days: Days = None) -> None:
    """Make a key and print it, this once. By default it may predict, read and train."""
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    with own_database() as session:
        row, key = store.create_key(session, name, scope or USUAL, expires_at)
        note(session, "createKey", row)
        output.show({**document(row), "key": key}, key)


def list_keys(output: Output) -> None:
    """Show every key that was ever made, with --json a line each; never the secrets."""
    table = Table("id", "name", "scopes", "state", "last used")
    with own_database() as session:
        for row in store.list_keys(session):
            used = "never" if row.last_used_at is None else f"{row.last_used_at:%F %R}"
            table.add_row(row.id, row.name, ", ".join(row.scopes), state(row), used)
            if output.as_json:
                output.write_line(document(row))
    output.say(table)


def limit(  # noqa: PLR0913  # an option for each quota
    output: Output,
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
        note(session, "editKey", row)
        own = [
            f"{most} {name}" for name, most in row.quotas.items() if most is not None
        ]
        words = ", ".join(own) or "as the settings say"
        output.show(document(row), f"{row.id} ({row.name}): {words}")


def revoke(output: Output, key_id: KeyId) -> None:
    """End a key for good, within seconds."""
    with own_database() as session:
        row = store.revoke_key(session, key_id)
        note(session, "revokeKey", row)
        output.show(document(row), f"revoked {row.id} ({row.name})")


def note(session: Session, action: str, row: ApiKey) -> None:
    """Leave in the audit log what was done on the machine itself, without a key."""
    store_entries(session, [AuditEntry(action=action, target=f"/keys/{row.id}")])


def state(row: ApiKey) -> str:
    if row.revoked_at is not None:
        return f"revoked {row.revoked_at:%F}"
    if store.has_ended(row, now()):
        return "expired"
    return "good" if row.expires_at is None else f"good until {row.expires_at:%F}"


def document(row: ApiKey) -> dict[str, Any]:
    """Show a key to programs, as `GET /keys/{key_id}` does."""
    shown = row.model_dump(mode="json", include=SHOWN)
    return {"object": "key", **shown, "quotas": row.quotas}


app.command()(local(create))
app.command("list")(local(list_keys))
app.command()(local(limit))
app.command()(local(revoke))
