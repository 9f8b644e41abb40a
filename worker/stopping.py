"""When a job has trained enough: looked at once an epoch, remembered in its state."""

from dataclasses import dataclass
from typing import Protocol

from app.spec import TrainingSpec
from app.states import StopReason


class Scores(Protocol):
    """What an epoch reached."""

    @property
    def val_loss(self) -> float: ...

    @property
    def val_accuracy(self) -> float: ...


@dataclass
class Stopping:
    """The best value so far, how long ago it was, and why the job is done if it is."""

    best: float | None = None
    stale_epochs: int = 0
    reason: StopReason | None = None

    @classmethod
    def of(
        cls, best: float | None, stale_epochs: int, reason: str | None
    ) -> "Stopping":
        """Return what `asdict` made, after a way through JSON."""
        return cls(best, stale_epochs, None if reason is None else StopReason(reason))

    def judge(self, spec: TrainingSpec, scores: Scores) -> None:
        """Look at a finished epoch."""
        self.reason = self._reason(spec, scores)

    def _reason(self, spec: TrainingSpec, scores: Scores) -> StopReason | None:
        target, early = spec.target_metric, spec.early_stopping
        if target is not None:
            wanted = target.value if target.metric == "val_accuracy" else -target.value
            if score(scores, target.metric) >= wanted:
                return StopReason.TARGET_REACHED
        if early is None:
            return None
        reached = score(scores, early.metric)
        if self.best is None or reached > self.best + early.min_delta:
            self.best, self.stale_epochs = reached, 0
        else:
            self.stale_epochs += 1
        return StopReason.EARLY_STOPPED if self.stale_epochs >= early.patience else None


def score(scores: Scores, metric: str) -> float:
    """Return a value of which more is better."""
    return scores.val_accuracy if metric == "val_accuracy" else -scores.val_loss
