"""`modelmill predict`: classify image files with a running service."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from app.cli.explanation import explanations
from app.cli.job_ids import complete_job, find_job
from app.cli.remote import Terminal
from app.cli.tables import predictions_table

Files = Annotated[list[Path], typer.Argument(help="PNG, JPEG or WebP files.")]
JobId = Annotated[
    str | None,
    typer.Option(
        "--job",
        help="Use a checkpoint of this job (id, its first letters, or `last`).",
        autocompletion=complete_job,
    ),
]
Epoch = Annotated[
    str | None, typer.Option(help="Of that job: `best`, `last` or a number.")
]
Preprocess = Annotated[
    Literal["auto", "mnist", "none", "plain"] | None,
    typer.Option(help="How a picture becomes what the network takes."),
]
Segment = Annotated[
    bool, typer.Option("--segment", help="Find several digits in each picture.")
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show the pixels that the network saw.")
]


def predict(  # noqa: PLR0913  # each is an option of the command
    terminal: Terminal,
    files: Files,
    *,
    job: JobId = None,
    epoch: Epoch = None,
    preprocess: Preprocess = None,
    segment: Segment = False,
    explain: Explain = False,
) -> None:
    """Say what each file shows."""
    options: dict[str, Any] = {
        "job_id": None if job is None else find_job(terminal.client, job).id,
        "epoch": epoch,
        "preprocess": preprocess,
        "segment": segment or None,
        "explain": explain or None,
    }
    given = {name: value for name, value in options.items() if value is not None}
    answer = terminal.client.predict(files, **given)
    terminal.show(answer.document(), predictions_table(answer))
    for picture in explanations(answer):
        terminal.say(picture)
