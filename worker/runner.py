"""Inside the training child: one attempt at a job, from its last save to its end.

`python -m worker.runner`, started by the supervisor as a warm spare on a leash: it
imports torch, waits for a line "JOB_ID ATTEMPT", trains that job and exits.
"""

import faulthandler
import logging
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from threading import Event
from typing import NoReturn
from uuid import UUID

import torch
from sqlalchemy.exc import SQLAlchemyError

from app import jobs
from app.database.disk import give_up_reserve, is_disk_full
from app.database.engine import open_database, read_session
from app.errors import DatasetUnavailable
from app.events import RedisDoorbell
from app.jobs import Claim
from app.logs import about_job, set_up_logs
from app.models import JobError
from app.settings import Settings
from worker.attempt import train_job
from worker.exits import ExitCode
from worker.failures import (
    dataset_unavailable,
    disk_full,
    internal_error,
    out_of_memory,
)
from worker.fenced import AttemptOver, FencedWriter
from worker.warmup import warm_up

logger = logging.getLogger(__name__)


def run_attempt(
    writer: FencedWriter, settings: Settings, stop: Callable[[], bool]
) -> ExitCode:
    """Train a claimed job until it ends, is stopped, or is no longer ours."""
    try:
        train_or_fail(writer, settings, stop)
    except AttemptOver as over:
        logger.info("attempt over: %s", over)
        return over.exit_code
    return ExitCode.FINISHED


def train_or_fail(
    writer: FencedWriter, settings: Settings, stop: Callable[[], bool]
) -> None:
    """Store the reason of a failure of the training.

    An error of the database is a crash, after which another attempt goes on.
    """
    try:
        train_job(writer, settings, stop)
    except AttemptOver:
        raise
    except SQLAlchemyError as error:
        if not is_disk_full(error):
            raise
        give_up_reserve(settings.data_dir)
        fail(writer, disk_full())
    except DatasetUnavailable as error:
        fail(writer, dataset_unavailable(error, read_dataset_name(writer)))
    except (torch.OutOfMemoryError, MemoryError) as error:
        fail(writer, out_of_memory(error))
    except Exception as error:
        logger.exception("the training failed")
        fail(writer, internal_error(error))


def read_dataset_name(writer: FencedWriter) -> str:
    with read_session(writer.engine) as session:
        return jobs.get_job(session, writer.claim.job_id).spec.dataset


def fail(writer: FencedWriter, error: JobError) -> NoReturn:
    logger.error("%s: %s", error.code, error.message)
    writer.write(partial(jobs.record_error, error=error))
    raise AttemptOver(ExitCode.FAILED)


def log_as_json() -> None:
    """Write each record as one JSON line, which the supervisor stores."""
    set_up_logs("json", "info", sys.stdout)
    faulthandler.enable()


def leave(exit_code: ExitCode) -> NoReturn:
    """Exit at once: to take torch down lasts a second in which no job could start."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(exit_code)


def main() -> None:
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    log_as_json()
    settings = Settings()
    torch.set_num_threads(settings.training_threads or os.cpu_count() or 1)
    warm_up()
    order = sys.stdin.readline().split()
    if not order:
        return  # the worker ended without a job for this child
    engine = open_database(settings.resolved_database_url)
    doorbell = RedisDoorbell(settings.resolved_redis_url)
    claim = Claim(UUID(order[0]), int(order[1]))
    with about_job(claim.job_id):
        writer = FencedWriter(engine, doorbell, claim)
        leave(run_attempt(writer, settings, stop.is_set))


if __name__ == "__main__":
    main()
