"""One attempt at a job: from its last save to its result, or to where it must leave."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from sqlalchemy import Engine

from app import jobs, library
from app.database.engine import read_session
from app.datasets.digest import dataset_digest
from app.jobs import TestResult
from app.models import Environment, Job, JobAttempt
from app.revision import running_revision
from app.settings import Settings
from app.spec import TrainingSpec
from app.states import WRITABLE, JobStatus, StopReason
from app.vision.checkpoint import decode_checkpoint
from app.vision.evaluation import make_report
from worker.data import Dataset, dataset_of, fetch_for_first_use, load_dataset
from worker.evaluation import evaluate, views_for
from worker.exits import ExitCode
from worker.familiarity import known_share
from worker.fenced import AttemptOver, FencedWriter
from worker.progress import ProgressMeter
from worker.recorder import Recorder
from worker.run import TrainingRun, start_from, start_run
from worker.state import restore_run
from worker.training import cut_epoch, train

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """What the parts of an attempt need, held together."""

    writer: FencedWriter
    job: Job
    dataset: Dataset
    run: TrainingRun
    meter: ProgressMeter
    recorder: Recorder


def train_job(
    writer: FencedWriter, settings: Settings, stop: Callable[[], bool]
) -> None:
    """Train until the job ends or is to stop, then measure its best checkpoint.

    Raises:
        AttemptOver: The job is left as it stands, for another attempt or for good.
    """
    attempt = begin(writer, settings)
    reason = train_on(attempt, stop)
    test_and_finish(attempt, reason)


def begin(writer: FencedWriter, settings: Settings) -> Attempt:
    """Load the job, its dataset and where it stood."""
    with read_session(writer.engine) as session:
        job = jobs.get_job(session, writer.claim.job_id)
        state = jobs.read_training_state(session, job.id)
        weights = jobs.read_starting_weights(session, job) if state is None else None
    device = choose_device(settings)
    dataset = open_dataset(writer.engine, settings, job.spec).to(device)
    images = digest_of_images(settings, job.spec)
    run = start_run(job.spec, device)
    if state is not None:
        restore_run(run, state)
    elif weights is not None:
        start_from(run, weights)
    attempt = describe_attempt(writer, run, dataset, images)
    writer.write(partial(jobs.record_attempt, attempt=attempt))
    logger.info("training on %s from epoch %d, step %d", device, run.epoch, run.step)
    meter = ProgressMeter(job.spec, time.monotonic, settings.progress_seconds)
    recorder = Recorder(writer, job, run, dataset.class_names, meter)
    return Attempt(writer, job, dataset, run, meter, recorder)


def open_dataset(engine: Engine, settings: Settings, spec: TrainingSpec) -> Dataset:
    """Return a built-in dataset from its files, any other from the database alone."""
    if spec.used_pin is not None:
        with read_session(engine) as session:
            content = library.read_content(session, spec.used_pin.digest)
        return dataset_of(content, spec)
    if settings.fetch_datasets:
        fetch_for_first_use(spec.dataset, settings.datasets_dir)
    return load_dataset(settings.datasets_dir, spec)


def digest_of_images(settings: Settings, spec: TrainingSpec) -> str:
    """Return what names the content of the spec's dataset."""
    if spec.used_pin is not None:
        return spec.used_pin.digest
    return dataset_digest(settings.datasets_dir / spec.dataset)


def choose_device(settings: Settings) -> torch.device:
    if settings.device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(settings.device)


def describe_attempt(
    writer: FencedWriter, run: TrainingRun, dataset: Dataset, images: str
) -> JobAttempt:
    """Say what the weights follow from besides the spec; images: their digest."""
    revision = running_revision()
    return JobAttempt(
        job_id=writer.claim.job_id,
        attempt=writer.claim.attempt,
        epoch=run.epoch,
        step=run.step,
        environment=describe_environment(run),
        version=revision.version,
        commit=revision.commit,
        dataset_digest=images,
        split_digest=dataset.split_digest,
    )


def describe_environment(run: TrainingRun) -> Environment:
    on_gpu = run.device.type == "cuda"
    return Environment(
        device=torch.cuda.get_device_name(run.device) if on_gpu else "cpu",
        precision=run.precision,
        threads=torch.get_num_threads(),
        torch=torch.__version__,
    )


def train_on(attempt: Attempt, stop: Callable[[], bool]) -> StopReason:
    """Record results until there are no more, or no more are wanted; say why."""
    job, run = attempt.job, attempt.run
    if job.status is JobStatus.STOPPING and job.epoch > 0:
        return StopReason.STOPPED_BY_USER
    for result in train(run, job.spec, attempt.dataset):
        attempt.recorder.record(result)
        if stop():
            leave_or_cut(attempt)
            return StopReason.STOPPED_BY_USER
        if attempt.meter.is_time_up(run):
            cut_first_epoch(attempt)
            return StopReason.MAX_RUN_TIME
    return run.stopping.reason or StopReason.COMPLETED


def leave_or_cut(attempt: Attempt) -> None:
    """Leave as the job's status asks; return only if a stopped job is to be tested."""
    status = attempt.recorder.read_status()
    if status is JobStatus.STOPPING:
        cut_first_epoch(attempt)
        return
    if status in WRITABLE:
        attempt.recorder.release()
    raise AttemptOver(ExitCode.FENCED)


def cut_first_epoch(attempt: Attempt) -> None:
    """Make a checkpoint of the epoch as it stands if the job has none yet."""
    if attempt.run.epoch == 1:
        cut = cut_epoch(attempt.run, attempt.job.spec, attempt.dataset)
        attempt.recorder.record(cut)


def test_and_finish(attempt: Attempt, reason: StopReason) -> None:
    """Measure the best checkpoint on the test images, once."""
    writer, spec = attempt.writer, attempt.job.spec
    with read_session(writer.engine) as session:
        best = jobs.best_checkpoint(session, writer.claim.job_id)
        weights = jobs.read_weights(session, best.id)
    test = attempt.dataset.test
    loaded = decode_checkpoint(weights)
    network, views = loaded.network.to(attempt.run.device), views_for(spec)
    measured = evaluate(network, test, attempt.run.precision, views)
    accuracy = measured.accuracy
    logger.info("%s; test accuracy %.4f at epoch %d", reason, accuracy, best.epoch)
    report = make_report(measured.logits, test.labels, test.images, loaded.card)
    # /predict scores what it sees once; a mean over shifts has other logits.
    once = measured
    if spec.test_time_augmentation:
        once = evaluate(loaded.network, test, attempt.run.precision)
    known = known_share(once.logits, loaded.card.familiarity)
    report = report.model_copy(update={"known_share": known})
    result = TestResult(measured.loss, accuracy, report, reason)
    writer.write(partial(jobs.record_result, result=result))
