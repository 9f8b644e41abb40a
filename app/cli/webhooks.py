"""`modelmill webhooks`: who is told of what happens, and what arrived."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from app.cli.remote import Terminal, remote
from app.cli.words import NOTHING
from app.client.errors import Json

Address = Annotated[str, typer.Argument(help="Where to send to.")]
Events = Annotated[
    list[str] | None,
    typer.Option("--event", help="What to tell, as job.failed; may be repeated."),
]
WebhookId = Annotated[
    str, typer.Argument(help="As `modelmill webhooks list` shows it.")
]
DeliveryId = Annotated[
    str, typer.Argument(help="As `modelmill webhooks deliveries` shows it.")
]
Status = Annotated[
    str | None, typer.Option(help="Only waiting, sending, delivered or failed ones.")
]

app = typer.Typer(help="Who is told of what happens.", no_args_is_help=True)


def create(terminal: Terminal, address: Address, event: Events = None) -> None:
    """Have an address told; by default of everything. Prints the secret, this once."""
    made = terminal.client.create_webhook(address, event or ())
    terminal.show(made, f"webhook {made['id']}\nsecret {made['secret']}")


def list_webhooks(terminal: Terminal) -> None:
    """Show every webhook that this key may see."""
    found = terminal.client.webhooks()
    terminal.show({"object": "list", "data": found}, webhooks_table(found))


def test(terminal: Terminal, webhook: WebhookId) -> None:
    """Send a message that tells nothing, to see whether it arrives."""
    sent = terminal.client.ping(webhook)
    terminal.show(sent, f"delivery {sent['id']} is on its way")


def deliveries(terminal: Terminal, webhook: WebhookId, status: Status = None) -> None:
    """Show what was sent to a webhook lately, and what came of it."""
    query = {} if status is None else {"status": status}
    path = f"/webhooks/{webhook}/deliveries"
    answer = terminal.client.ask("GET", path, params=query)
    terminal.show(answer, deliveries_table(answer))


def redeliver(terminal: Terminal, webhook: WebhookId, delivery: DeliveryId) -> None:
    """Send an old message once more."""
    sent = terminal.client.redeliver(webhook, delivery)
    terminal.show(sent, f"delivery {sent['id']} is on its way")


def delete(terminal: Terminal, webhook: WebhookId) -> None:
    """Delete a webhook with its deliveries."""
    terminal.client.delete_webhook(webhook)
    document = {"object": "webhook", "id": webhook, "deleted": True}
    terminal.show(document, f"deleted {webhook}")


app.command()(remote(create))
app.command("list")(remote(list_webhooks))
app.command()(remote(test))
app.command()(remote(deliveries))
app.command()(remote(redeliver))
app.command()(remote(delete))


def webhooks_table(found: list[Json]) -> Table:
    table = Table("id", "told of", "state", "address")
    for one in found:
        told = ", ".join(one["events"]) or "everything"
        state = one["disabled_reason"] or "enabled"
        table.add_row(one["id"], told, state, Text(one["url"]))
    return table


def deliveries_table(answer: Json) -> Table:
    table = Table("id", "type", "status", "attempts", "answer")
    for one in answer["data"]:
        came = one["error"] or str(one["answer_status"] or NOTHING)
        attempts = str(one["attempts"])
        table.add_row(one["id"], one["type"], one["status"], attempts, Text(came))
    return table
