"""The reasons for which a job fails, in words that say what to do."""

from app.errors import DatasetUnavailable
from app.models import JobError


def dataset_unavailable(error: DatasetUnavailable) -> JobError:
    return JobError(
        code="dataset_unavailable",
        message=str(error),
        param="dataset",
        hint="Run `modelmill data fetch mnist` where the worker runs, then retry.",
        retryable=True,
    )


def diverged(epoch: int) -> JobError:
    return JobError(
        code="diverged_non_finite",
        message=f"The loss was no longer a finite number in epoch {epoch}.",
        param="learning_rate",
        hint="Lower the learning rate; checkpoints of earlier epochs are kept.",
        retryable=False,
    )


def internal_error(error: Exception) -> JobError:
    return JobError(
        code="internal_error",
        message=f"{type(error).__name__}: {error}",
        hint="This is a fault of the service; the worker's log has the details.",
        retryable=True,
    )
