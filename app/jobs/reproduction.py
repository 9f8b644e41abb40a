"""How far a job that ran another's lineage again came to the same end."""

from collections.abc import Iterator

from sqlmodel import Session

from app.jobs.lineage import last_attempt
from app.jobs.listing import find_job
from app.models import Job, JobAttempt, Verdict
from app.states import StopReason

# Of the test accuracy. On 10,000 images at 99 % two trainings that differ in
# nothing but rounding lie this close 19 times in 20.
TOLERANCE = 0.003
SAME_BUT_DIFFERENT = (
    "Device, versions, threads and images are the same, so the weights should be too."
)


def judge(session: Session, job: Job, stop_reason: StopReason) -> Verdict:
    """Compare a job that is about to succeed with the one that it reproduces."""
    original = None if job.reproduces is None else find_job(session, job.reproduces)
    if original is None:
        return Verdict(verdict=None, reasons=["The original was deleted meanwhile."])
    digest = original.weights_sha256
    if digest is not None and digest == job.weights_sha256:
        return Verdict(verdict="exact", reasons=["The weights are the same bytes."])
    reasons = [
        *other_end(original, job, stop_reason),
        *other_ground(last_attempt(session, original), last_attempt(session, job)),
    ]
    gap = abs((original.test_accuracy or 0.0) - (job.test_accuracy or 0.0))
    measured = f"The test accuracies differ by {gap:.4f}."
    if gap <= TOLERANCE and reasons:
        return Verdict(verdict="statistical", reasons=[measured, *reasons])
    return Verdict(
        verdict="different", reasons=[measured, *(reasons or [SAME_BUT_DIFFERENT])]
    )


def other_end(original: Job, job: Job, stop_reason: StopReason) -> Iterator[str]:
    if (original.stop_reason, original.epoch) != (stop_reason, job.epoch):
        yield (
            f"The original ended after epoch {original.epoch} "
            f"({original.stop_reason}), this one after epoch {job.epoch} "
            f"({stop_reason})."
        )


def other_ground(before: JobAttempt | None, after: JobAttempt | None) -> Iterator[str]:
    """Say why the same weights could not be promised."""
    if before is None or after is None:
        yield "It is not known on what one of them ran."
        return
    old, new = traits(before), traits(after)
    for name, value in old.items():
        if value != new[name]:
            yield f"Another {name}: {value}, then {new[name]}."


def traits(attempt: JobAttempt) -> dict[str, str | int | None]:
    """Return everything that must be the same for the same weights."""
    return {
        **attempt.environment.model_dump(),
        "dataset digest": attempt.dataset_digest,
        "split digest": attempt.split_digest,
        "version": attempt.version,
        "commit": attempt.commit,
    }
