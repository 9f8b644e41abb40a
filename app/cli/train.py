"""`modelmill train`: submit a job to a running service."""

import json
from contextlib import suppress
from typing import Annotated, Any

import typer
from rich.console import Console

from app.cli.options import ServiceUrl
from app.cli.watch import watch
from app.client import Client

Preset = Annotated[str, typer.Option(help="Where unset values come from.")]
Dataset = Annotated[str | None, typer.Option(help="The pictures to learn from.")]
Epochs = Annotated[int | None, typer.Option(help="Passes over the training images.")]
LearningRate = Annotated[float | None, typer.Option(help="Of the optimizer.")]
BatchSize = Annotated[int | None, typer.Option(help="Images per step.")]
Seed = Annotated[int | None, typer.Option(help="For the same numbers again.")]
Others = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Any other hyperparameter, as JSON or a word; may be repeated.",
    ),
]
Follow = Annotated[bool, typer.Option(help="Stay and show progress until the end.")]


def train(  # noqa: PLR0913  # each is an option of the command
    *,
    preset: Preset = "tutorial",
    dataset: Dataset = None,
    epochs: Epochs = None,
    learning_rate: LearningRate = None,
    batch_size: BatchSize = None,
    seed: Seed = None,
    others: Others = None,
    follow: Follow = True,
    url: ServiceUrl = "http://127.0.0.1:8000",
) -> None:
    """Submit a training job and, unless told otherwise, follow it to its end."""
    given = {
        "preset": preset,
        "dataset": dataset,
        "epochs": epochs,
        "learning_rate": learning_rate,
        "batch_size": batch_size,
        "seed": seed,
    }
    client = Client(url)
    spec = {name: value for name, value in given.items() if value is not None}
    job = client.submit(spec | dict(map(read_assignment, others or [])))
    console = Console()
    console.print(f"job {job['id']}")
    if follow:
        last = watch(console, client.follow(job["id"]))
        raise typer.Exit(0 if last["status"] == "succeeded" else 1)


def read_assignment(text: str) -> tuple[str, Any]:
    """Read NAME=VALUE; a value that is not JSON is a word."""
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--set")
    with suppress(ValueError):
        return name, json.loads(value)
    return name, value
