"""`modelmill jobs`: what trains, what has trained, and what to do with it."""

from collections.abc import Callable
from itertools import islice
from typing import Annotated

import typer

from app.cli.exits import Exit
from app.cli.job_ids import JobId, JobIds, find_job
from app.cli.options import Settings
from app.cli.remote import Terminal, remote
from app.cli.tables import comparison, job_page, jobs_table
from app.cli.train import read_assignments
from app.cli.watch import follow as follow_job
from app.client import Client, Job

app = typer.Typer(help="Look at jobs and steer them.", no_args_is_help=True)

Status = Annotated[str | None, typer.Option(help="Only jobs in this status.")]
Limit = Annotated[int, typer.Option(min=1, help="Most jobs to show, newest first.")]
FilesOnly = Annotated[
    bool, typer.Option("--files-only", help="Keep the record; free the checkpoints.")
]


@app.command("list")
@remote
def list_jobs(terminal: Terminal, status: Status = None, limit: Limit = 20) -> None:
    """List jobs, newest first; with --json a line for each."""
    jobs = islice(terminal.client.jobs(status), limit)
    if not terminal.as_json:
        terminal.say(jobs_table(jobs))
        return
    for job in jobs:
        terminal.write_line(job.document())


@app.command()
@remote
def show(terminal: Terminal, job: JobId) -> None:
    """Show all that is known of a job."""
    found = find_job(terminal.client, job)
    metrics = [] if terminal.as_json else terminal.client.metrics(found.id)
    terminal.show(found.document(), job_page(found, metrics))


@app.command()
@remote
def follow(terminal: Terminal, job: JobId) -> None:
    """Show a job's progress until it ends, from wherever it stands."""
    last = follow_job(terminal, find_job(terminal.client, job))
    raise typer.Exit(Exit.DONE if last.status == "succeeded" else Exit.FAILED)


@app.command()
@remote
def compare(terminal: Terminal, jobs: JobIds) -> None:
    """Show what differs among jobs, and what each came to."""
    found = [find_job(terminal.client, job) for job in jobs]
    if not terminal.as_json:
        terminal.say(comparison(found))
        return
    for job in found:
        terminal.write_line(job.document())


@app.command()
@remote
def logs(terminal: Terminal, job: JobId) -> None:
    """Write what a job's processes said; with --json an object for each line."""
    for line in terminal.client.logs(find_job(terminal.client, job).id):
        moment = line.created_at.isoformat(timespec="milliseconds")
        text = f"{moment} #{line.attempt} {line.level:<7} {line.message}"
        if terminal.as_json:
            terminal.write_line(line.document())
        else:
            typer.echo(text)


@app.command()
@remote
def retry(terminal: Terminal, job: JobId, others: Settings = None) -> None:
    """Submit a new job with an old one's spec, but for what is --set."""
    old = find_job(terminal.client, job)
    new = terminal.client.retry(old.id, **read_assignments(others))
    terminal.show(new.document(), f"job {new.id}")


@app.command()
@remote
def delete(terminal: Terminal, jobs: JobIds, *, files_only: FilesOnly = False) -> None:
    """Delete jobs that have ended, with their checkpoints."""
    for job in jobs:
        found = find_job(terminal.client, job)
        terminal.client.delete(found.id, files_only=files_only)
        document = {"object": "job", "id": found.id, "deleted": not files_only}
        what = "the files of job" if files_only else "job"
        terminal.show(document, f"deleted {what} {found.id}")


def add_action(name: str, verb: Callable[[Client, str], Job], words: str) -> None:
    """Add a command for an action; they differ in nothing but name, verb and words."""

    def act(terminal: Terminal, jobs: JobIds) -> None:
        for given in jobs:
            job = verb(terminal.client, find_job(terminal.client, given).id)
            terminal.show(job.document(), f"job {job.id} is {job.status}")

    act.__doc__ = words
    app.command(name)(remote(act))


add_action("stop", Client.stop, "End the training of jobs and keep their results.")
add_action("cancel", Client.cancel, "Cancel jobs; their checkpoints stay.")
add_action("pause", Client.pause, "Pause jobs and free their workers for others.")
add_action("resume", Client.resume, "Let paused jobs go on where they stood.")
