"""A message is a job's id on its way; a broker that is away says so soon."""

import base64
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from redis import Redis

from app.errors import QueueUnavailable
from app.queue import QUEUE_NAME, RUN_JOB, CeleryQueue, broker_url

JOB_ID = UUID(int=7)


@pytest.fixture
def celery_queue(redis: Redis, redis_url: str) -> CeleryQueue:
    return CeleryQueue(redis_url)


@pytest.fixture
def nobody(tmp_path: Path) -> CeleryQueue:
    return CeleryQueue(f"unix://{tmp_path}/nobody.sock")


@pytest.fixture
def mute() -> Iterator[CeleryQueue]:
    """Give a queue whose broker takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield CeleryQueue(f"redis://127.0.0.1:{server.getsockname()[1]}/0")


def waiting(redis: Redis) -> list[dict[str, Any]]:
    """Return the messages as a worker finds them, the next one first."""
    return [json.loads(text) for text in reversed(redis.lrange(QUEUE_NAME, 0, -1))]


def arguments(message: dict[str, Any]) -> object:
    positional, by_keyword, _ = json.loads(base64.b64decode(message["body"]))
    return positional, by_keyword


def test_a_message_names_the_task_and_holds_the_id_alone(
    celery_queue: CeleryQueue, redis: Redis
) -> None:
    celery_queue.enqueue(JOB_ID)

    [message] = waiting(redis)
    assert message["headers"]["task"] == RUN_JOB
    assert arguments(message) == ([str(JOB_ID)], {})


def test_messages_wait_in_the_order_they_were_sent(
    celery_queue: CeleryQueue, redis: Redis
) -> None:
    first, second = uuid4(), uuid4()

    celery_queue.enqueue(first)
    celery_queue.enqueue(second)

    sent = [arguments(message) for message in waiting(redis)]
    assert sent == [([str(first)], {}), ([str(second)], {})]


def test_the_depth_is_the_number_of_waiting_messages(
    celery_queue: CeleryQueue,
) -> None:
    depths = [celery_queue.depth()]
    for _ in range(3):
        celery_queue.enqueue(JOB_ID)
        depths.append(celery_queue.depth())

    assert depths == [0, 1, 2, 3]


def test_messages_are_sent_to_the_database_where_they_are_counted(
    redis: Redis, redis_url: str
) -> None:
    celery_queue = CeleryQueue(f"{redis_url}?db=3")

    celery_queue.enqueue(JOB_ID)

    assert celery_queue.depth() == 1


# Left to its defaults, Celery would hold a client's POST for six seconds.
@pytest.mark.timeout(3)
def test_a_broker_that_is_away_cannot_take_a_message(nobody: CeleryQueue) -> None:
    with pytest.raises(QueueUnavailable, match="The broker did not answer: "):
        nobody.enqueue(JOB_ID)


def test_a_broker_that_is_away_cannot_be_counted(nobody: CeleryQueue) -> None:
    with pytest.raises(QueueUnavailable, match="The broker did not answer: "):
        nobody.depth()


@pytest.mark.timeout(8)
def test_a_broker_that_never_answers_is_given_up(mute: CeleryQueue) -> None:
    with pytest.raises(QueueUnavailable, match="Timeout"):
        mute.enqueue(JOB_ID)


@pytest.mark.parametrize(
    ("redis_py", "kombu"),
    [
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock"),
        ("unix:///redis.sock?db=3", "redis+socket:///redis.sock?virtual_host=3"),
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
        ("rediss://user:secret@broker:6380/1", "rediss://user:secret@broker:6380/1"),
    ],
)
def test_a_url_names_the_same_broker_to_kombu(redis_py: str, kombu: str) -> None:
    assert broker_url(redis_py) == kombu
