"""The doorbell between worker and api: it says that there is news, never what."""

import logging
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Protocol
from uuid import UUID

import anyio
from redis import Redis, RedisError
from redis.asyncio import Redis as AsyncRedis

logger = logging.getLogger(__name__)

RING_TIMEOUT_SECONDS = 2.0


class Doorbell(Protocol):
    """Whatever can tell listeners to look at a job again."""

    def ring(self, job_id: UUID) -> None: ...


class RedisDoorbell:
    """Rings over Redis; a lost ring is nothing, since listeners also look by time."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url,
            socket_timeout=RING_TIMEOUT_SECONDS,
            socket_connect_timeout=RING_TIMEOUT_SECONDS,
        )

    def ring(self, job_id: UUID) -> None:
        try:
            self._redis.publish(channel(job_id), "")
        except RedisError as error:
            logger.debug("no doorbell for job %s: %s", job_id, error)


def channel(job_id: UUID) -> str:
    return f"modelmill:job:{job_id}"


async def listen(
    redis_url: str, job_id: UUID, poll_seconds: float
) -> AsyncGenerator[None]:
    """Yield at each ring, and at least every poll_seconds, for as long as asked."""
    while True:
        with suppress(RedisError):
            redis = AsyncRedis.from_url(
                redis_url,
                socket_timeout=poll_seconds,
                socket_connect_timeout=poll_seconds,
            )
            async with redis.pubsub() as pubsub:
                await pubsub.subscribe(channel(job_id))
                while True:
                    yield
                    await pubsub.get_message(
                        ignore_subscribe_messages=True, timeout=poll_seconds
                    )
        yield
        await anyio.sleep(poll_seconds)
