"""A job followed to its end: live where one looks, lines where none does."""

import time
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import typer
from rich.console import Console
from rich.live import Live

from app.cli.exits import Exit
from app.cli.job_ids import SHORT
from app.cli.live import LiveView
from app.cli.remote import Terminal
from app.cli.story import Story
from app.cli.summary import summary
from app.cli.words import describe, describe_epoch
from app.client import Event, Job

LINE_EVERY_SECONDS = 5.0
PICTURE_COLUMNS = 80


def follow(terminal: Terminal, job: Job, picture: Path | None = None) -> Job:
    """Show a job until it ends; whoever has seen enough may leave with Ctrl-C."""
    client = terminal.client
    try:
        story = watch(terminal, job, client.follow(job.id))
    except KeyboardInterrupt as error:
        short = job.id[:SHORT]
        typer.echo(
            f"\nThe job goes on. `modelmill jobs follow {short}` shows it again, "
            f"`modelmill jobs stop {short}` ends it.",
            err=True,
        )
        raise typer.Exit(Exit.INTERRUPTED) from error
    job = client.job(job.id)
    terminal.show(job.document(), summary(job))
    if picture is not None:
        save_picture(picture, story, job)
    return job


def watch(terminal: Terminal, job: Job, events: Iterable[Event]) -> Story:
    """Show what happens to a job in the form that suits who looks."""
    story = Story(job)
    if terminal.as_json:
        write_events(terminal, job, events)
    elif terminal.console.is_terminal:
        with Live(LiveView(story), console=terminal.console, refresh_per_second=8):
            for event in events:
                story.tell(event)
    else:
        print_lines(terminal.console, story, events)
    return story


def write_events(terminal: Terminal, job: Job, events: Iterable[Event]) -> None:
    terminal.write_line(job.document())
    for event in events:
        terminal.write_line({"object": "event", **event.document()})


def print_lines(console: Console, story: Story, events: Iterable[Event]) -> None:
    """Print each epoch, and now and then where things stand."""
    printed_at = -LINE_EVERY_SECONDS
    for event in events:
        story.tell(event)
        now = time.monotonic()
        if event.kind == "epoch":
            line = describe_epoch(story.epochs[-1], story.epochs_wanted)
        elif event.is_end or now - printed_at < LINE_EVERY_SECONDS:
            continue
        else:
            line = describe(story)
        console.print(line, markup=False, highlight=False, soft_wrap=True)
        printed_at = now


def save_picture(path: Path, story: Story, job: Job) -> None:
    """Keep what a terminal shows at the end, as an SVG file."""
    console = Console(
        record=True, file=StringIO(), force_terminal=True, width=PICTURE_COLUMNS
    )
    console.print(LiveView(story), summary(job), sep="\n")
    console.save_svg(str(path), title="modelmill train")
