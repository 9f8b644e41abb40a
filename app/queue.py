"""The road from api to worker: a message that holds a job id and nothing else."""

from typing import Protocol
from uuid import UUID

from celery import Celery
from kombu.exceptions import OperationalError
from redis import Redis, RedisError

from app.errors import QueueUnavailable

RUN_JOB = "modelmill.run_job"
QUEUE_NAME = "modelmill-train"
TIMEOUT_SECONDS = 3.0


class JobQueue(Protocol):
    """Whatever can bring a job to a worker."""

    def enqueue(self, job_id: UUID) -> None:
        """Send the id; raise QueueUnavailable if the broker cannot take it now."""
        ...

    def depth(self) -> int:
        """Count the messages that wait; raise QueueUnavailable likewise."""
        ...


def make_celery(redis_url: str) -> Celery:
    """Return a Celery application for few, long tasks whose messages are hints.

    Acknowledged early and never prefetched: the database, not the broker, brings
    a lost job back. Measured reasons stand in docs/decisions.
    """
    celery = Celery("modelmill", broker=broker_url(redis_url), set_as_current=False)
    celery.conf.update(
        task_ignore_result=True,
        task_default_queue=QUEUE_NAME,
        task_serializer="json",
        accept_content=["json"],
        task_acks_late=False,
        worker_disable_prefetch=True,
        worker_prefetch_multiplier=1,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_pool_limit=4,
        task_publish_retry=False,
        broker_transport_options={
            "socket_timeout": 10,
            "socket_connect_timeout": 3,
            "socket_keepalive": not redis_url.startswith("unix:"),
            "health_check_interval": 10,
        },
        worker_proc_alive_timeout=60,
        worker_hijack_root_logger=False,
    )
    return celery


def broker_url(redis_url: str) -> str:
    """Translate redis-py's URL of a Unix socket to kombu's; others are the same."""
    if not redis_url.startswith("unix://"):
        return redis_url
    path = redis_url.removeprefix("unix://").replace("?db=", "?virtual_host=")
    return f"redis+socket://{path}"


class CeleryQueue:
    """A JobQueue that sends by task name, so that the api never imports the worker."""

    def __init__(self, redis_url: str) -> None:
        self._celery = make_celery(redis_url)
        # Asked once and briefly: what did not go out is sent by the reconciler.
        self._celery.conf.broker_transport_options |= {
            "max_retries": 0,
            "socket_timeout": TIMEOUT_SECONDS,
        }
        self._redis = Redis.from_url(
            redis_url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
        )

    def enqueue(self, job_id: UUID) -> None:
        try:
            self._celery.send_task(RUN_JOB, args=[str(job_id)], retry=False)
        except (OperationalError, RedisError, OSError) as error:
            raise QueueUnavailable(f"The broker did not answer: {error}") from error

    def depth(self) -> int:
        try:
            return self._redis.llen(QUEUE_NAME)
        except RedisError as error:
            raise QueueUnavailable(f"The broker did not answer: {error}") from error
