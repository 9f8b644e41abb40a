"""A ring wakes those who listen to the job; without Redis they look by time."""

import socket
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from pathlib import Path
from uuid import UUID

import anyio
import pytest
from anyio.lowlevel import checkpoint
from redis import Redis
from redis.client import PubSub

from app.events import RedisDoorbell, channel, listen
from app.settings import Settings
from tests.redis_server import start_redis, stop_redis

JOB_ID = UUID(int=7)
OTHER_ID = UUID(int=8)
SOON = 0.05  # how often a listener looks where a test waits for it
NEVER = 600.0  # how often it looks where only a ring may wake it
PATIENCE = 5.0  # far more than any of it takes

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def redis_doorbell(redis_url: str) -> RedisDoorbell:
    return RedisDoorbell(redis_url)


@pytest.fixture
def mute_url() -> Iterator[str]:
    """Give the URL of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


async def wake(rings: AsyncGenerator[None], times: int = 1) -> None:
    """Wait until the listener has looked so often."""
    with anyio.fail_after(PATIENCE):
        for _ in range(times):
            await anext(rings)


async def test_a_ring_wakes_the_listener(
    redis_url: str, redis_doorbell: RedisDoorbell
) -> None:
    async with aclosing(listen(redis_url, JOB_ID, NEVER)) as rings:
        await wake(rings, times=2)  # subscribed, and told so
        redis_doorbell.ring(JOB_ID)

        await wake(rings)


async def test_every_listener_hears_the_ring(
    redis_url: str, redis_doorbell: RedisDoorbell
) -> None:
    async with (
        aclosing(listen(redis_url, JOB_ID, NEVER)) as first,
        aclosing(listen(redis_url, JOB_ID, NEVER)) as second,
    ):
        await wake(first, times=2)
        await wake(second, times=2)
        redis_doorbell.ring(JOB_ID)

        await wake(first)
        await wake(second)


async def test_another_jobs_ring_wakes_nobody(
    redis_url: str, redis_doorbell: RedisDoorbell
) -> None:
    async with aclosing(listen(redis_url, JOB_ID, NEVER)) as rings:
        await wake(rings, times=2)
        redis_doorbell.ring(OTHER_ID)

        with anyio.move_on_after(0.2) as waited:
            await anext(rings)
    assert waited.cancelled_caught


async def test_a_listener_looks_by_time_when_nobody_rings(redis_url: str) -> None:
    async with aclosing(listen(redis_url, JOB_ID, SOON)) as rings:
        await wake(rings, times=5)


async def test_a_listener_looks_by_time_when_redis_is_away(settings: Settings) -> None:
    away = settings.resolved_redis_url
    async with aclosing(listen(away, JOB_ID, SOON)) as rings:
        await wake(rings, times=3)


async def test_a_listener_looks_by_time_when_redis_never_answers(mute_url: str) -> None:
    async with aclosing(listen(mute_url, JOB_ID, SOON)) as rings:
        with anyio.fail_after(2):
            await wake(rings, times=3)


async def test_a_listener_outlives_redis_and_hears_its_successor(
    tmp_path: Path,
) -> None:
    path = tmp_path / "redis.sock"
    server = start_redis(path)
    async with aclosing(listen(f"unix://{path}", JOB_ID, SOON)) as rings:
        await wake(rings, times=2)
        stop_redis(server)
        await wake(rings, times=2)
        server = start_redis(path)

        with Redis(unix_socket_path=str(path), decode_responses=True) as redis:
            while (channel(JOB_ID), 1) not in redis.pubsub_numsub(channel(JOB_ID)):
                await wake(rings)
    stop_redis(server)


async def test_a_listener_that_leaves_takes_its_subscription_along(
    redis: Redis, redis_url: str
) -> None:
    async with aclosing(listen(redis_url, JOB_ID, NEVER)) as rings:
        await wake(rings, times=2)
        assert redis.pubsub_channels() == [channel(JOB_ID)]

    with anyio.fail_after(PATIENCE):
        while redis.pubsub_channels():
            await checkpoint()


def test_a_ring_says_that_there_is_news_and_never_what(
    redis: Redis, redis_doorbell: RedisDoorbell
) -> None:
    with PubSub(redis.connection_pool, ignore_subscribe_messages=True) as pubsub:
        pubsub.subscribe(channel(JOB_ID))
        pubsub.get_message(timeout=PATIENCE)  # told that it is subscribed
        redis_doorbell.ring(JOB_ID)

        message = pubsub.get_message(timeout=PATIENCE)

    assert message is not None
    assert message["data"] == ""


def test_a_ring_that_redis_does_not_hear_is_lost_in_silence(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="app.events")

    RedisDoorbell(settings.resolved_redis_url).ring(JOB_ID)

    assert f"no doorbell for job {JOB_ID}" in caplog.text
    assert [record.levelname for record in caplog.records] == ["DEBUG"]
