"""The worker process: `celery --app worker.main worker`, as `modelmill worker` runs it.

It never imports torch: the children that train are started fresh, not forked.
"""

import multiprocessing
import os
import socket

from celery.signals import (
    setup_logging,
    worker_process_init,
    worker_process_shutdown,
    worker_shutting_down,
)

from app.database.engine import open_database
from app.events import RedisDoorbell
from app.logs import set_up_logs
from app.queue import RUN_JOB, CeleryQueue, make_celery
from app.reconciler import Reconciler
from app.settings import Settings
from worker.duty import Duty, device_name
from worker.supervisor import Supervisor

settings = Settings()
celery = make_celery(settings.resolved_redis_url)
# Made before the pool forks, so that the main process can tell the pool's child.
stopping = multiprocessing.get_context("fork").Event()
on_duty: list[Duty] = []


@celery.task(name=RUN_JOB)
def run_job(_job_id: str) -> None:
    on_duty[0].supervisor.run_next()


@setup_logging.connect
def begin_logs(**_details: object) -> None:
    """Log as the settings say; Celery would write in a format of its own."""
    set_up_logs(settings.log_format, settings.log_level)


@worker_process_init.connect
def begin_duty(**_details: object) -> None:
    """Open everything in the pool's child: nothing of it survives a fork."""
    engine = open_database(settings.resolved_database_url)
    doorbell = RedisDoorbell(settings.resolved_redis_url)
    queue = CeleryQueue(settings.resolved_redis_url)
    host, pid = socket.gethostname(), os.getpid()
    worker_id = f"{host}:{pid}"
    supervisor = Supervisor(engine, doorbell, settings, worker_id, stopping.is_set)
    reconciler = Reconciler(engine, queue, doorbell, settings)
    duty = Duty(engine, settings, supervisor, reconciler)
    duty.begin(worker_id, host, pid, device_name())
    on_duty.append(duty)


@worker_process_shutdown.connect
def end_duty(**_details: object) -> None:
    on_duty.pop().end()


@worker_shutting_down.connect
def stop_training(**_details: object) -> None:
    stopping.set()
