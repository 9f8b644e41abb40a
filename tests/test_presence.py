"""A worker is alive while its key in Redis has not expired."""

from redis import Redis

from app.presence import (
    LIFETIME_SECONDS,
    announce_worker,
    is_worker_alive,
    presence_key,
)
from app.settings import Settings


def test_an_announced_worker_is_alive(redis: Redis, redis_url: str) -> None:
    announce_worker(redis_url, "gpu-1")

    assert is_worker_alive(redis_url, "gpu-1")


def test_a_host_that_said_nothing_has_no_worker(redis: Redis, redis_url: str) -> None:
    announce_worker(redis_url, "gpu-1")

    assert not is_worker_alive(redis_url, "gpu-2")


def test_an_announcement_expires_by_itself(redis: Redis, redis_url: str) -> None:
    announce_worker(redis_url, "gpu-1")

    assert 0 < redis.pttl(presence_key("gpu-1")) <= LIFETIME_SECONDS * 1000


def test_each_announcement_starts_the_time_again(redis: Redis, redis_url: str) -> None:
    announce_worker(redis_url, "gpu-1")
    redis.expire(presence_key("gpu-1"), 1)

    announce_worker(redis_url, "gpu-1")

    assert redis.pttl(presence_key("gpu-1")) > 1000


def test_with_redis_away_nobody_is_heard_and_nothing_fails(settings: Settings) -> None:
    announce_worker(settings.resolved_redis_url, "gpu-1")

    assert not is_worker_alive(settings.resolved_redis_url, "gpu-1")
