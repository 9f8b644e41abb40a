"""A job as its events tell of it, in order."""

from dataclasses import dataclass, field

from app.client import EpochMetrics, Event, Job
from app.client.answers import Progress


@dataclass
class Story:
    """What is known of a job so far."""

    job: Job
    status: str = "queued"
    progress: Progress | None = None
    epochs: list[EpochMetrics] = field(default_factory=list)
    train_losses: list[float | None] = field(default_factory=list)
    train_accuracies: list[float | None] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        if event.kind == "progress":
            self.progress = Progress.model_validate(event.data)
            self._mark(self.progress.train_loss, self.progress.train_accuracy)
        elif event.kind == "epoch":
            metrics = EpochMetrics.model_validate(event.data)
            self.epochs.append(metrics)
            self._mark(metrics.train_loss, metrics.train_accuracy)
        else:
            self.status = event.kind

    def _mark(self, loss: float | None, accuracy: float | None) -> None:
        self.train_losses.append(loss)
        self.train_accuracies.append(accuracy)

    @property
    def fraction(self) -> float:
        """How much of the work is done."""
        if self.status == "succeeded":
            return 1.0
        done = len(self.epochs) / self.epochs_wanted
        return max(done, 0.0 if self.progress is None else self.progress.fraction)

    @property
    def epochs_wanted(self) -> int:
        wanted: int = self.job.spec["epochs"]
        return wanted
