"""Tables of jobs, checkpoints and predictions, for people."""

from collections.abc import Iterable
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from app.cli.job_ids import SHORT
from app.cli.sparkline import sparkline
from app.cli.words import NOTHING, ago, loss, percent, span
from app.client import Checkpoint, Digits, EpochMetrics, Job, Predictions
from app.client.predictions import Entry, RefusedPicture

CURVE_COLUMNS = 24


def jobs_table(jobs: Iterable[Job]) -> Table:
    table = Table("id", "status", "name", "epochs", "validation", "test", "submitted")
    now = datetime.now(UTC)
    for job in jobs:
        table.add_row(
            job.id[:SHORT],
            job.status,
            Text(job.name or job.spec["preset"]),
            f"{job.epoch}/{job.spec['epochs']}",
            percent(job.best_val_accuracy),
            percent(job.test_accuracy),
            ago(job.created_at, now),
        )
    return table


def job_page(job: Job, metrics: list[EpochMetrics]) -> RenderableType:
    """Return all that one wants to know of a job."""
    facts = Table.grid(padding=(0, 2))
    for name, value in job_facts(job):
        facts.add_row(name, Text(value))
    if not metrics:
        return facts
    losses = [epoch.val_loss for epoch in metrics]
    accuracies = [epoch.val_accuracy for epoch in metrics]
    facts.add_row("validation loss", sparkline(losses, CURVE_COLUMNS))
    facts.add_row("validation accuracy", sparkline(accuracies, CURVE_COLUMNS))
    return Group(facts, metrics_table(metrics))


def job_facts(job: Job) -> list[tuple[str, str]]:
    facts = [("id", job.id), ("status", job.status)]
    if job.name is not None:
        facts.append(("name", job.name))
    spec = job.spec
    facts += [
        ("preset", f"{spec['preset']} on {spec['dataset']}, seed {spec['seed']}"),
        ("epochs", f"{job.epoch} of {spec['epochs']}"),
        ("test accuracy", percent(job.test_accuracy)),
        ("took", span(job.seconds)),
    ]
    if job.queue is not None:
        facts.append(("place in the queue", str(job.queue.position)))
    if job.stop_reason is not None:
        facts.append(("ended", job.stop_reason.replace("_", " ")))
    if job.error is not None:
        facts.append(("error", f"{job.error.message} {job.error.hint}"))
    return facts


def metrics_table(metrics: list[EpochMetrics]) -> Table:
    table = Table("epoch", "loss", "accuracy", "validation loss", "accuracy", "seconds")
    for epoch in metrics:
        table.add_row(
            str(epoch.epoch),
            loss(epoch.train_loss),
            percent(epoch.train_accuracy),
            loss(epoch.val_loss),
            percent(epoch.val_accuracy),
            f"{epoch.seconds:.1f}",
        )
    return table


def comparison(jobs: list[Job]) -> Table:
    """Return what differs among jobs, and what each came to."""
    table = Table("", *(job.name or job.id[:SHORT] for job in jobs))
    names = sorted({name for job in jobs for name in job.spec})
    for name in names:
        values = [str(job.spec.get(name, NOTHING)) for job in jobs]
        if len(set(values)) > 1:
            table.add_row(name, *map(Text, values))
    table.add_section()
    table.add_row("status", *(job.status for job in jobs))
    table.add_row("epochs", *(str(job.epoch) for job in jobs))
    table.add_row("validation", *(percent(job.best_val_accuracy) for job in jobs))
    table.add_row("test", *(percent(job.test_accuracy) for job in jobs))
    table.add_row("took", *(span(job.seconds) for job in jobs))
    return table


def checkpoints_table(checkpoints: list[Checkpoint], best: int | None) -> Table:
    table = Table("epoch", "validation loss", "accuracy", "bytes", "")
    for checkpoint in checkpoints:
        table.add_row(
            str(checkpoint.epoch),
            loss(checkpoint.val_loss),
            percent(checkpoint.val_accuracy),
            f"{checkpoint.size_bytes:,}",
            "best" if checkpoint.epoch == best else "",
        )
    return table


def predictions_table(answer: Predictions) -> RenderableType:
    """Return a row for each picture, and who answered."""
    table = Table("file", "label", "confidence")
    for found in answer.data:
        label, confidence = prediction_cells(found)
        table.add_row(Text(found.file), Text(label), confidence)
    used = answer.checkpoint
    return Group(table, Text(f"by epoch {used.epoch} of job {used.job_id}"))


def prediction_cells(found: Entry) -> tuple[str, str]:
    if isinstance(found, RefusedPicture):
        return NOTHING, found.error.message
    if isinstance(found, Digits):
        least = min((digit.confidence for digit in found.digits), default=None)
        return found.text or NOTHING, f"{percent(least)} at least"
    doubt = "" if found.known else f" ({found.reason})"
    return found.label, f"{percent(found.confidence)}{doubt}"
