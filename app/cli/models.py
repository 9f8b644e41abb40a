"""`modelmill models`: names for checkpoints, and which of them answers."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.client import Client, Json
from app.cli.options import ServiceUrl

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


@app.command("list")
def list_models(url: ServiceUrl = "http://127.0.0.1:8000") -> None:
    """Show every model and where its aliases point."""
    Console().print(models_table(Client(url).list_models()))


@app.command()
def create(
    name: Name,
    checkpoint: Checkpoint = None,
    url: ServiceUrl = "http://127.0.0.1:8000",
) -> None:
    """Register a model, and a checkpoint as its first version."""
    client = Client(url)
    client.create_model(name)
    if checkpoint is not None:
        client.add_version(name, checkpoint)
    Console().print(f"model {name}")


@app.command()
def promote(
    name: Name,
    version: Version,
    alias: Alias = "champion",
    if_version: IfVersion = None,
    url: ServiceUrl = "http://127.0.0.1:8000",
) -> None:
    """Let an alias name a version, at once for every request."""
    Client(url).move_alias(f"{name}/aliases/{alias}", version, if_version)
    Console().print(f"{name}@{alias} is version {version}")


def models_table(answer: Json) -> Table:
    table = Table("model", "aliases", "description")
    for model in answer["data"]:
        aliases = [f"{one['alias']} = {one['version']}" for one in model["aliases"]]
        table.add_row(model["name"], ", ".join(aliases), model["description"] or "")
    return table
