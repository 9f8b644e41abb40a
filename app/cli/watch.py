"""A job's progress in the terminal: live where one looks, lines where none does."""

import time
from collections.abc import Iterable

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from app.client import Json

LINE_EVERY_SECONDS = 5.0


def watch(console: Console, jobs: Iterable[Json]) -> Json:
    """Show each state of a job as it comes; return the last one."""
    job: Json = {}
    bar = Progress(
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.description}", markup=False),
        console=console,
        disable=not console.is_terminal,
    )
    with bar:
        task_id = bar.add_task("queued", total=1.0)
        printed_at = -LINE_EVERY_SECONDS
        for job in jobs:
            show(bar, task_id, job)
            now = time.monotonic()
            is_due = now - printed_at >= LINE_EVERY_SECONDS
            if is_due and not (console.is_terminal or job["is_terminal"]):
                print_line(console, job)
                printed_at = now
    print_line(console, job)
    return job


def print_line(console: Console, job: Json) -> None:
    # An error may quote brackets, which rich would take for its markup.
    console.print(describe(job), markup=False, soft_wrap=True)


def show(bar: Progress, task_id: TaskID, job: Json) -> None:
    progress = job["progress"] or {}
    done = 1.0 if job["status"] == "succeeded" else progress.get("fraction", 0.0)
    bar.update(task_id, completed=done, description=describe(job))


def describe(job: Json) -> str:
    """Return one line that says where the job stands."""
    if job["status"] == "succeeded":
        return (
            f"succeeded: test accuracy {job['test_accuracy']:.2%} "
            f"(best epoch {job['best_epoch']})"
        )
    if job["status"] == "failed":
        return f"failed: {job['error']['message']} {job['error']['hint']}"
    if job["status"] != "running":
        return "waiting for a worker" if job["status"] == "queued" else job["status"]
    progress = job["progress"]
    return "starting" if progress is None else describe_progress(progress)


def describe_progress(progress: Json) -> str:
    loss = progress["train_loss"]
    return (
        f"epoch {progress['epoch']}/{progress['epochs']}  "
        f"step {progress['step']}/{progress['steps']}  "
        f"loss {'not finite' if loss is None else format(loss, '.4f')}  "
        f"accuracy {progress['train_accuracy']:.2%}  "
        f"{progress['images_per_second']:,.0f} images/s  "
        f"{remaining(progress['seconds_left'])} left"
    )


def remaining(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
