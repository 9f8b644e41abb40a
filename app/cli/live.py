"""A job's progress where somebody looks: bars, curves, an estimate."""

from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from app.cli.sparkline import sparkline
from app.cli.story import Story
from app.cli.words import NOTHING, clock, describe, loss, percent

CURVE_COLUMNS = 32
BAR_COLUMNS = 32
COLUMNS = 76


@dataclass(frozen=True)
class LiveView:
    """What rich draws again and again while the story goes on."""

    story: Story

    def __rich__(self) -> RenderableType:
        story = self.story
        parts: list[RenderableType] = [bars(story)]
        if story.train_losses:
            parts.append(curves(story))
        return Panel(
            Group(*parts), title=title(story), title_align="left", width=COLUMNS
        )


def title(story: Story) -> Text:
    job = story.job
    name = f" {job.name}" if job.name else ""
    return Text(
        f"job {job.id[:8]}{name}: {job.spec['preset']} on {job.spec['dataset']}"
    )


def bars(story: Story) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_row("job", bar(story.fraction), Text(standing(story)))
    progress = story.progress
    if progress is not None and story.status == "running":
        rate = f"{progress.images_per_second:,.0f} images/s"
        part = progress.step / progress.steps
        grid.add_row(f"epoch {progress.epoch}/{progress.epochs}", bar(part), Text(rate))
    return grid


def bar(fraction: float) -> ProgressBar:
    return ProgressBar(total=1.0, completed=fraction, width=BAR_COLUMNS)


def standing(story: Story) -> str:
    if story.status != "running" or story.progress is None:
        return describe(story)
    return f"{story.fraction:.0%}, {clock(story.progress.seconds_left)} left"


def curves(story: Story) -> Table:
    """Draw the training's numbers as they came, and the validation's by epoch."""
    val_losses = [metrics.val_loss for metrics in story.epochs]
    val_accuracies = [metrics.val_accuracy for metrics in story.epochs]
    grid = Table.grid(padding=(0, 2))
    for name, values, show in (
        ("loss", story.train_losses, loss),
        ("accuracy", story.train_accuracies, percent),
        ("validation loss", val_losses, loss),
        ("validation accuracy", val_accuracies, percent),
    ):
        last = show(values[-1]) if values else NOTHING
        style = "cyan" if name.endswith("loss") else "green"
        curve = Text(sparkline(values, CURVE_COLUMNS), style)
        grid.add_row(name, Text(last, justify="right"), curve)
    return grid
