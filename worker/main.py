"""The worker process: `celery --app worker.main worker`, as `modelmill worker` runs it.

It never imports torch: the children that train are started fresh, not forked.
"""

import multiprocessing
import os
import socket
from uuid import UUID

from celery.signals import worker_ready, worker_shutting_down
from celery.worker.consumer import Consumer

from app.database.engine import open_database
from app.events import RedisDoorbell
from app.presence import announce_worker
from app.queue import RUN_JOB, make_celery
from app.settings import Settings
from worker.supervisor import Supervisor

settings = Settings()
celery = make_celery(settings.resolved_redis_url)
engine = open_database(settings.resolved_database_url)
doorbell = RedisDoorbell(settings.resolved_redis_url)
# Made before the pool forks, so that the main process can tell the pool's child.
stopping = multiprocessing.get_context("fork").Event()


@celery.task(name=RUN_JOB)
def run_job(job_id: str) -> None:
    worker_id = f"{socket.gethostname()}:{os.getpid()}"
    supervisor = Supervisor(engine, doorbell, settings, worker_id, stopping.is_set)
    supervisor.run_job(UUID(job_id))


@worker_ready.connect
def announce(sender: Consumer, **_details: object) -> None:
    host = (settings.resolved_redis_url, socket.gethostname())
    announce_worker(*host)
    sender.timer.call_repeatedly(settings.heartbeat_seconds, announce_worker, host)


@worker_shutting_down.connect
def stop_training(**_details: object) -> None:
    stopping.set()
