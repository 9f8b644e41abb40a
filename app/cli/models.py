"""`modelmill models`: names for checkpoints, and which of them answers."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from app.cli.files import opened
from app.cli.remote import Terminal, remote
from app.client.errors import Json

Name = Annotated[str, typer.Argument(help="Of the model.")]
Checkpoint = Annotated[
    str | None, typer.Option("--checkpoint", help="Its first version, by id.")
]
Version = Annotated[int, typer.Argument(help="The version that is to answer.")]
Alias = Annotated[str, typer.Option(help="The word that is to name it.")]
IfVersion = Annotated[
    int | None,
    typer.Option(help="Only if the alias names this version now; 0: none."),
]

app = typer.Typer(help="Names for checkpoints.", no_args_is_help=True)


def list_models(terminal: Terminal) -> None:
    """Show every model and where its aliases point."""
    answer = terminal.client.ask("GET", "/models")
    terminal.show(answer, models_table(answer))


def create(terminal: Terminal, name: Name, checkpoint: Checkpoint = None) -> None:
    """Register a model, and a checkpoint as its first version."""
    made = terminal.client.create("/models", {"name": name})
    if checkpoint is not None:
        first = {"checkpoint_id": checkpoint}
        terminal.client.create(f"/models/{name}/versions", first)
    terminal.show(made, f"model {name}")


def import_version(
    terminal: Terminal,
    name: Name,
    paths: Annotated[
        list[Path], typer.Argument(help="A zip, or weights and their card.")
    ],
) -> None:
    """Make a checkpoint from elsewhere the next version of a model."""
    with opened(paths) as files:
        made = terminal.client.send_files(f"/models/{name}/imports", files, {})
    terminal.show(made, f"{name}@{made['number']} is imported")


def promote(
    terminal: Terminal,
    name: Name,
    version: Version,
    alias: Alias = "champion",
    if_version: IfVersion = None,
) -> None:
    """Let an alias name a version, at once for every request."""
    body = {"version": version, "if_version": if_version}
    path = f"/models/{name}/aliases/{alias}"
    moved = terminal.client.ask("PUT", path, json=body)
    terminal.show(moved, f"{name}@{alias} is version {version}")


app.command("list")(remote(list_models))
app.command()(remote(create))
app.command("import")(remote(import_version))
app.command()(remote(promote))


def models_table(answer: Json) -> Table:
    table = Table("model", "aliases", "description")
    for model in answer["data"]:
        aliases = [f"{one['alias']} = {one['version']}" for one in model["aliases"]]
        table.add_row(model["name"], ", ".join(aliases), model["description"] or "")
    return table
