"""`modelmill train`: submit a job to a running service."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.exits import Exit
from app.cli.options import Settings
from app.cli.remote import Terminal
from app.cli.watch import follow as follow_job

Preset = Annotated[str, typer.Option(help="Where unset values come from.")]
Dataset = Annotated[str | None, typer.Option(help="The pictures to learn from.")]
Epochs = Annotated[int | None, typer.Option(help="Passes over the training images.")]
LearningRate = Annotated[float | None, typer.Option(help="Of the optimizer.")]
BatchSize = Annotated[int | None, typer.Option(help="Images per step.")]
Seed = Annotated[int | None, typer.Option(help="For the same numbers again.")]
Name = Annotated[str | None, typer.Option(help="What to call the job.")]
Follow = Annotated[bool, typer.Option(help="Stay and show progress until the end.")]
Svg = Annotated[
    Path | None, typer.Option("--svg", help="Keep the terminal's last picture here.")
]


def train(  # noqa: PLR0913  # each is an option of the command
    terminal: Terminal,
    *,
    preset: Preset = "tutorial",
    dataset: Dataset = None,
    epochs: Epochs = None,
    learning_rate: LearningRate = None,
    batch_size: BatchSize = None,
    seed: Seed = None,
    name: Name = None,
    others: Settings = None,
    follow: Follow = True,
    svg: Svg = None,
) -> None:
    """Submit a training job and, unless told otherwise, follow it to its end."""
    given = {
        "preset": preset,
        "dataset": dataset,
        "epochs": epochs,
        "learning_rate": learning_rate,
        "batch_size": batch_size,
        "seed": seed,
        "name": name,
    }
    spec = {name: value for name, value in given.items() if value is not None}
    job = terminal.client.submit(spec | read_assignments(others))
    if not follow:
        terminal.show(job.document(), f"job {job.id}")
        return
    terminal.say(f"job {job.id}")
    last = follow_job(terminal, job, svg)
    raise typer.Exit(Exit.DONE if last.status == "succeeded" else Exit.FAILED)


def read_assignments(texts: list[str] | None) -> dict[str, Any]:
    return dict(map(read_assignment, texts or []))


def read_assignment(text: str) -> tuple[str, Any]:
    """Read NAME=VALUE; a value that is not JSON is a word."""
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--set")
    with suppress(ValueError):
        return name, json.loads(value)
    return name, value
