"""`modelmill audit`: who has changed what."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from app.cli.remote import Terminal
from app.cli.words import NOTHING
from app.client.errors import Json

Key = Annotated[str | None, typer.Option("--by", help="Only by this key, by its id.")]
Action = Annotated[str | None, typer.Option(help="Only this, as createJob.")]
Target = Annotated[str | None, typer.Option(help="Only of this, as /models/digits.")]
Limit = Annotated[int, typer.Option(min=1, max=100, help="Most entries.")]


def audit(
    terminal: Terminal,
    by: Key = None,
    action: Action = None,
    target: Target = None,
    limit: Limit = 20,
) -> None:
    """Show the changes that were made, newest first."""
    asked = {"key": by, "action": action, "target": target, "limit": limit}
    query = {name: value for name, value in asked.items() if value is not None}
    answer = terminal.client.ask("GET", "/audit", params=query)
    terminal.show(answer, entries_table(answer))


def entries_table(answer: Json) -> Table:
    table = Table("when", "key", "action", "of", "from")
    for one in answer["data"]:
        moment = str(one["created_at"])[:19].replace("T", " ")
        key, address = one["key_id"] or NOTHING, one["address"] or NOTHING
        table.add_row(moment, key, one["action"], Text(one["target"]), address)
    return table
