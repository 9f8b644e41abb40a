"""What a job came to, when it has ended."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from app.cli.job_ids import SHORT
from app.cli.words import describe_end, percent, span
from app.client import Job

STYLES = {"succeeded": "green", "failed": "red"}


def summary(job: Job) -> RenderableType:
    """Return the end in a line, what is worth knowing, and what to do next."""
    end = Text(describe_end(job), STYLES.get(job.status, "yellow"))
    facts = Table.grid(padding=(0, 2))
    for name, value in facts_of(job):
        facts.add_row(f"  {name}", Text(value))
    if job.status != "succeeded":
        return Group(end, facts)
    short = job.id[:SHORT]
    steps = Text(
        f"  modelmill predict FILE… --job {short}\n  modelmill checkpoints pull {short}"
    )
    return Group(end, facts, steps)


def facts_of(job: Job) -> list[tuple[str, str]]:
    facts = [("epochs", f"{job.epoch} of {job.spec['epochs']}")]
    if job.stop_reason is not None:
        facts.append(("ended", job.stop_reason.replace("_", " ")))
    if job.best_val_accuracy is not None:
        facts.append(("validation accuracy", percent(job.best_val_accuracy)))
    if job.seconds is not None:
        facts.append(("took", span(job.seconds)))
    return facts
