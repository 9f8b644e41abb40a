"""Inside the training child: one attempt at a job, from its last save to its end.

`python -m worker.runner JOB_ID ATTEMPT PARENT_PID`, started by the supervisor.
"""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from threading import Event
from uuid import UUID

import torch
from sqlalchemy.exc import SQLAlchemyError

from app import jobs
from app.database.engine import open_database, read_session
from app.errors import DatasetUnavailable
from app.events import RedisDoorbell
from app.jobs import Claim
from app.leash import die_with
from app.settings import Settings
from app.vision.checkpoint import decode_checkpoint
from worker.data import Dataset, load_dataset
from worker.exits import ExitCode
from worker.failures import dataset_unavailable, internal_error
from worker.fenced import AttemptOver, FencedWriter
from worker.progress import ProgressMeter
from worker.recorder import Recorder
from worker.state import restore_run
from worker.training import evaluate, start_run, train

logger = logging.getLogger(__name__)


def run_attempt(
    writer: FencedWriter, settings: Settings, stop: Callable[[], bool]
) -> ExitCode:
    """Train a claimed job until it ends, is stopped, or is no longer ours."""
    try:
        train_or_fail(writer, settings, stop)
    except AttemptOver as over:
        return over.exit_code
    return ExitCode.FINISHED


def train_or_fail(
    writer: FencedWriter, settings: Settings, stop: Callable[[], bool]
) -> None:
    """Fail the job on an error of the training.

    An error of the database is a crash, after which another attempt goes on.
    """
    try:
        train_job(writer, settings, stop)
    except (AttemptOver, SQLAlchemyError):
        raise
    except DatasetUnavailable as error:
        writer.write(partial(jobs.fail_job, error=dataset_unavailable(error)))
    except Exception as error:
        writer.write(partial(jobs.fail_job, error=internal_error(error)))
        raise


def train_job(
    writer: FencedWriter, settings: Settings, stop: Callable[[], bool]
) -> None:
    with read_session(writer.engine) as session:
        job = jobs.get_job(session, writer.claim.job_id)
        state = jobs.read_training_state(session, job.id)
    dataset = load_dataset(settings.datasets_dir, job.spec)
    run = start_run(job.spec)
    if state is not None:
        restore_run(run, state)
    meter = ProgressMeter(job.spec, time.monotonic, settings.progress_seconds)
    recorder = Recorder(writer, job, run, dataset.class_names, meter)
    for result in train(run, job.spec, dataset):
        recorder.record(result)
        if stop():
            recorder.release()
    test_and_finish(writer, dataset)


def test_and_finish(writer: FencedWriter, dataset: Dataset) -> None:
    """Measure the best checkpoint on the test images, once, and end the job."""
    with read_session(writer.engine) as session:
        best = jobs.best_checkpoint(session, writer.claim.job_id)
        weights = jobs.read_weights(session, best.id)
    loss, accuracy = evaluate(decode_checkpoint(weights).network, dataset.test)
    writer.write(partial(jobs.finish_job, test_loss=loss, test_accuracy=accuracy))


def main() -> None:
    job_id, attempt, parent_pid = sys.argv[1:]
    die_with(int(parent_pid))
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    settings = Settings()
    torch.set_num_threads(settings.training_threads or os.cpu_count() or 1)
    engine = open_database(settings.resolved_database_url)
    doorbell = RedisDoorbell(settings.resolved_redis_url)
    writer = FencedWriter(engine, doorbell, Claim(UUID(job_id), int(attempt)))
    sys.exit(run_attempt(writer, settings, stop.is_set))


if __name__ == "__main__":
    main()
