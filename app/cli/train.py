"""`modelmill train`: submit a job to a running service."""

from typing import Annotated

import typer
from rich.console import Console

from app.cli.client import Client
from app.cli.options import ServiceUrl
from app.cli.watch import watch

Preset = Annotated[str, typer.Option(help="Where unset values come from.")]
Epochs = Annotated[int | None, typer.Option(help="Passes over the training images.")]
LearningRate = Annotated[float | None, typer.Option(help="Of the optimizer.")]
BatchSize = Annotated[int | None, typer.Option(help="Images per step.")]
Seed = Annotated[int | None, typer.Option(help="For the same numbers again.")]
Follow = Annotated[bool, typer.Option(help="Stay and show progress until the end.")]


def train(  # noqa: PLR0913  # each is an option of the command
    *,
    preset: Preset = "tutorial",
    epochs: Epochs = None,
    learning_rate: LearningRate = None,
    batch_size: BatchSize = None,
    seed: Seed = None,
    follow: Follow = True,
    url: ServiceUrl = "http://127.0.0.1:8000",
) -> None:
    """Submit a training job and, unless told otherwise, follow it to its end."""
    given = {
        "preset": preset,
        "epochs": epochs,
        "learning_rate": learning_rate,
        "batch_size": batch_size,
        "seed": seed,
    }
    client = Client(url)
    job = client.submit({k: v for k, v in given.items() if v is not None})
    console = Console()
    console.print(f"job {job['id']}")
    if follow:
        last = watch(console, client.follow(job["id"]))
        raise typer.Exit(0 if last["status"] == "succeeded" else 1)
