"""A job's progress in the terminal: live where one looks, lines where none does."""

import time
from collections.abc import Iterable

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from app.cli.client import Json

LINE_EVERY_SECONDS = 5.0


def watch(console: Console, jobs: Iterable[Json]) -> Json:
    """Show each state of a job as it comes; return the last one."""
    job: Json = {}
    bar = Progress(
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.description}"),
        console=console,
        disable=not console.is_terminal,
    )
    with bar:
        task_id = bar.add_task("queued", total=1.0)
        printed_at = -LINE_EVERY_SECONDS
        for job in jobs:
            show(bar, task_id, job)
            now = time.monotonic()
            if not console.is_terminal and now - printed_at >= LINE_EVERY_SECONDS:
                console.print(describe(job))
                printed_at = now
    console.print(describe(job))
    return job


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
    progress = job["progress"]
    if job["status"] == "queued" or progress is None:
        return "waiting for a worker" if job["status"] == "queued" else "starting"
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
