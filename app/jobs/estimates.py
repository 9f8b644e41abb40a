"""When a job will start and end, from what was measured lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from app.jobs.datasets import pin_dataset
from app.jobs.moves import waits
from app.jobs.starting import start_from
from app.models import EpochMetrics, Job, Worker, now
from app.spec import JobRequest, TrainingSpec
from app.states import HELD, JobStatus

RECENT_EPOCHS = 20


@dataclass(frozen=True)
class QueuePlace:
    """Where a job waits; the estimate is missing until an epoch was ever measured."""

    position: int
    jobs_ahead: int
    estimated_start_at: datetime | None


@dataclass(frozen=True)
class Preview:
    """What a job would be: its spec, its place, and the seconds it would train."""

    spec: TrainingSpec
    place: QueuePlace
    estimated_seconds: float | None


def error_of_estimate(job: Job) -> float | None:
    """Return how wrong the first estimate was: 0.1 is a tenth too short."""
    if job.estimated_seconds is None or job.started_at is None:
        return None
    took = (now() - job.started_at).total_seconds()
    return took / job.estimated_seconds - 1


def place_in_queue(session: Session, job: Job, fresh: timedelta) -> QueuePlace | None:
    """Say how many jobs go first, and when this one starts; None if it waits not."""
    if job.status is not JobStatus.QUEUED:
        return None
    return place_among(session, job, fresh)


def place_among(session: Session, job: Job, fresh: timedelta) -> QueuePlace:
    ahead, epochs_ahead = work_of(session, [*waits(), goes_before(job)])
    held = [col(Job.status).in_(HELD), col(Job.lease_expires_at).is_not(None)]
    _busy, epochs_busy = work_of(session, held)
    workers = count_workers(session, fresh)
    start = estimated_start(session, epochs_busy + epochs_ahead, workers)
    return QueuePlace(ahead + 1, ahead, start)


def preview_job(session: Session, request: JobRequest, fresh: timedelta) -> Preview:
    """Say what would become of a request; stores nothing.

    Raises:
        ValidationError: The dataset or the checkpoint to start from is not there,
            or does not fit.
    """
    request, _dataset_id = pin_dataset(session, request)
    request, _start = start_from(session, request)
    spec = request.training_spec()
    job = Job(spec=spec, priority=request.priority)
    seconds = training_seconds(session, spec)
    return Preview(spec, place_among(session, job, fresh), seconds)


def goes_before(job: Job) -> ColumnElement[bool]:
    earlier = or_(
        col(Job.created_at) < job.created_at,
        (col(Job.created_at) == job.created_at) & (col(Job.id) < job.id),
    )
    same = col(Job.priority) == job.priority
    return or_(col(Job.priority) > job.priority, same & earlier)


def work_of(session: Session, where: Sequence[ColumnElement[bool]]) -> tuple[int, int]:
    """Return how many jobs these are, and the epochs that they have before them."""
    left = func.coalesce(func.sum(col(Job.epochs) - col(Job.epoch)), 0)
    return session.exec(select(func.count(), left).where(*where)).one()


def estimated_start(session: Session, epochs: int, workers: int) -> datetime | None:
    if workers == 0:
        return None
    if epochs == 0:
        return now()
    epoch_seconds = recent_epoch_seconds(session)
    if epoch_seconds is None:
        return None
    return now() + timedelta(seconds=epochs * epoch_seconds / workers)


def recent_epoch_seconds(session: Session) -> float | None:
    newest = select(EpochMetrics.seconds).order_by(col(EpochMetrics.created_at).desc())
    seconds = list(session.exec(newest.limit(RECENT_EPOCHS)))
    return median(seconds) if seconds else None


def training_seconds(session: Session, spec: TrainingSpec) -> float | None:
    """Estimate from how many multiply-adds a second lately trained epochs did."""
    newest = (
        select(EpochMetrics, Job)
        .join(Job, col(Job.id) == col(EpochMetrics.job_id))
        .order_by(col(EpochMetrics.created_at).desc())
        .limit(RECENT_EPOCHS)
    )
    speeds = [
        metrics.images_per_second * job.spec.network.multiply_adds
        for metrics, job in session.exec(newest)
    ]
    if not speeds:
        return None
    images = spec.epochs * count_train_images(spec)
    return images * spec.network.multiply_adds / median(speeds)


def count_train_images(spec: TrainingSpec) -> int:
    """Return how many images an epoch sees; a fold holds out an equal part."""
    count = spec.pictures.train_images
    if spec.validation_fold is not None:
        count -= count // spec.validation_fold.folds
    else:
        count -= spec.validation_size or 0
    return count if spec.train_images is None else min(count, spec.train_images)


def count_workers(session: Session, fresh: timedelta) -> int:
    statement = select(func.count()).where(col(Worker.heartbeat_at) > now() - fresh)
    return session.exec(statement).one()
