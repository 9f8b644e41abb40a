"""`modelmill checkpoints`: the networks that a job has saved."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.job_ids import JobId, find_job
from app.cli.remote import Terminal, remote
from app.cli.tables import checkpoints_table
from app.client.pictures import Epoch

app = typer.Typer(help="List and download saved networks.", no_args_is_help=True)

EpochName = Annotated[str, typer.Option(help="`best`, `last` or a number.")]
To = Annotated[Path, typer.Option(help="A file, or a directory for its usual name.")]


@app.command("list")
@remote
def list_checkpoints(terminal: Terminal, job: JobId) -> None:
    """List the checkpoints of a job; with --json a line for each."""
    of_job = find_job(terminal.client, job)
    found = terminal.client.checkpoints(of_job.id)
    if not terminal.as_json:
        terminal.say(checkpoints_table(found, of_job.best_epoch))
        return
    for checkpoint in found:
        terminal.write_line(checkpoint.document())


@app.command()
@remote
def pull(
    terminal: Terminal, job: JobId, epoch: EpochName = "best", to: To = Path()
) -> None:
    """Download a checkpoint as a safetensors file, whole or not at all."""
    found = find_job(terminal.client, job)
    path = terminal.client.pull(found.id, read_epoch(epoch), to)
    document = {"object": "file", "path": str(path), "size_bytes": path.stat().st_size}
    terminal.show(document, str(path))


def read_epoch(text: str) -> Epoch:
    if text == "best":
        return "best"
    if text == "last":
        return "last"
    if not text.isdecimal():
        raise typer.BadParameter(f"{text!r} is no epoch", param_hint="--epoch")
    return int(text)
