"""Numbers, times and states in the words that people read."""

from datetime import datetime, timedelta

from app.cli.story import Story
from app.client import EpochMetrics, Job
from app.client.answers import Progress

NOTHING = "-"
TIME_UNITS = (("day", 86400), ("h", 3600), ("min", 60), ("s", 1))


def describe(story: Story) -> str:
    """Return one line that says where the job stands."""
    if story.status != "running":
        return "waiting for a worker" if story.status == "queued" else story.status
    progress = story.progress
    return "starting" if progress is None else describe_progress(progress)


def describe_progress(progress: Progress) -> str:
    return (
        f"epoch {progress.epoch}/{progress.epochs}  "
        f"step {progress.step}/{progress.steps}  "
        f"loss {loss(progress.train_loss)}  "
        f"accuracy {percent(progress.train_accuracy)}  "
        f"{progress.images_per_second:,.0f} images/s  "
        f"{clock(progress.seconds_left)} left"
    )


def describe_epoch(metrics: EpochMetrics, epochs: int) -> str:
    return (
        f"epoch {metrics.epoch}/{epochs} done  "
        f"loss {loss(metrics.train_loss)}  "
        f"accuracy {percent(metrics.train_accuracy)}  "
        f"validation loss {loss(metrics.val_loss)}  "
        f"accuracy {percent(metrics.val_accuracy)}  "
        f"{metrics.seconds:.1f} s"
    )


def describe_end(job: Job) -> str:
    """Return one line that says how the job ended."""
    if job.error is not None:
        return f"{job.status}: {job.error.message} {job.error.hint}"
    if job.test_accuracy is None:
        return job.status
    return (
        f"{job.status}: test accuracy {percent(job.test_accuracy)} "
        f"(best epoch {job.best_epoch})"
    )


def loss(value: float | None) -> str:
    return "not finite" if value is None else f"{value:.4f}"


def percent(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2%}"


def clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def span(seconds: float | None) -> str:
    """Return a length of time in its largest unit."""
    if seconds is None:
        return NOTHING
    for unit, length in TIME_UNITS:
        if seconds >= length:
            return f"{seconds / length:.3g} {unit}"
    return f"{seconds:.1f} s"


def ago(moment: datetime, now: datetime) -> str:
    passed = int(max(now - moment, timedelta()).total_seconds())
    for unit, length in TIME_UNITS:
        if passed >= length:
            return f"{passed // length} {unit} ago"
    return "now"
