"""The reasons for which a job fails, in words that say what to do."""

from app.errors import DatasetUnavailable
from app.models import JobError
from app.spec import PICTURES
from app.states import ErrorCode


def dataset_unavailable(error: DatasetUnavailable, dataset: str) -> JobError:
    hint = f"Run `modelmill data fetch {dataset}` where the worker runs, then retry."
    if dataset not in PICTURES:
        hint = "Upload the dataset again, then train on its new version."
    return JobError(
        code=ErrorCode.DATASET_UNAVAILABLE,
        message=str(error),
        param="dataset",
        hint=hint,
        retryable=dataset in PICTURES,
    )


def diverged(epoch: int) -> JobError:
    return JobError(
        code=ErrorCode.DIVERGED_NON_FINITE,
        message=f"The loss was no longer a finite number in epoch {epoch}.",
        param="learning_rate",
        hint="Lower the learning rate, or set precision to fp32; the checkpoints of "
        "earlier epochs are kept.",
        retryable=False,
    )


def internal_error(error: Exception) -> JobError:
    return JobError(
        code=ErrorCode.INTERNAL_ERROR,
        message=f"{type(error).__name__}: {error}",
        hint="This is a fault of the service; the worker's log has the details.",
        retryable=True,
    )


def disk_full() -> JobError:
    return JobError(
        code=ErrorCode.DISK_FULL,
        message="The disk of the database is full; what was committed is kept.",
        hint="Delete jobs or checkpoints that are not needed, then retry the job.",
        retryable=True,
    )


def out_of_memory(error: Exception) -> JobError:
    return JobError(
        code=ErrorCode.OUT_OF_MEMORY,
        message=f"The training needs more memory than there is: {error}",
        param="batch_size",
        hint="Lower the batch size, then retry the job.",
        retryable=False,
    )
