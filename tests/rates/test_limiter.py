"""So many requests a minute, in however many processes, with Redis or without it."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from redis import Redis, RedisError

from app.errors import RateLimitsUnavailable
from app.rates.bucket import Policy
from app.rates.limiter import AWAY_SECONDS, MOST_CLIENTS, RateLimiter, WithoutRedis
from app.rates.shared import RedisBuckets, Taken
from tests.clock import Clock

FEW = Policy("predict", 3)
MANY = Policy("read", 600)


@dataclass
class FakeBuckets:
    """Buckets that never fill up again, and can be away."""

    left: int = 1000
    is_away: bool = False
    trips: list[int] = field(default_factory=list)
    places: set[str] = field(default_factory=set)

    def take(self, client: str, policy: Policy, wanted: int) -> Taken:
        self.trips.append(wanted)
        self.places.add(f"{policy.name} of {client}")
        if self.is_away:
            raise RedisError("gone")
        taken = min(wanted, self.left)
        self.left -= taken
        return Taken(taken, float(self.left))


@pytest.fixture
def buckets(redis: Redis, redis_url: str) -> Iterator[RedisBuckets]:
    buckets = RedisBuckets(redis_url)
    yield buckets
    buckets.close()


def waits(limiter: RateLimiter, times: int, name: str = "predict") -> list[int]:
    async def ask() -> list[int]:
        standings = [await limiter.take("me", name) for _ in range(times)]
        return [-1 if one is None else one.wait for one in standings]

    return asyncio.run(ask())


def granted(limiter: RateLimiter, times: int, name: str = "predict") -> int:
    """Ask so often at once; return how often that was granted."""

    async def ask() -> int:
        asked = [limiter.take("me", name) for _ in range(times)]
        found = await asyncio.gather(*asked)
        return sum(one is not None and one.wait == 0 for one in found)

    return asyncio.run(ask())


def test_a_class_without_a_limit_is_not_counted() -> None:
    limiter = RateLimiter([Policy("predict", 0)], FakeBuckets(), "closed")

    assert waits(limiter, 2) == waits(limiter, 2, "read") == [-1, -1]


def test_the_quota_is_granted_and_then_a_wait_is_named(buckets: RedisBuckets) -> None:
    limiter = RateLimiter([FEW], buckets, "closed")

    assert waits(limiter, 5) == [0, 0, 0, 20, 20]


def test_a_standing_tells_what_is_left(buckets: RedisBuckets) -> None:
    limiter = RateLimiter([FEW], buckets, "closed")

    standing = asyncio.run(limiter.take("me", "predict"))

    assert standing is not None
    assert (standing.left, standing.full_in, standing.wait) == (2, 20, 0)


def test_clients_are_counted_apart(buckets: RedisBuckets) -> None:
    limiter = RateLimiter([FEW], buckets, "closed")
    waits(limiter, 4)

    standing = asyncio.run(limiter.take("another", "predict"))

    assert standing is not None
    assert standing.wait == 0


@pytest.mark.parametrize("policy", [FEW, MANY], ids=["few", "many"])
def test_processes_share_one_quota(buckets: RedisBuckets, policy: Policy) -> None:
    two = [RateLimiter([policy], buckets, "closed") for _ in range(2)]

    times = policy.quota
    found = sum(granted(limiter, times, policy.name) for limiter in two)

    # What came back meanwhile may be granted too: the test takes some moments.
    assert times <= found <= times * 1.05


def test_a_handful_costs_one_trip() -> None:
    buckets = FakeBuckets()

    waits(RateLimiter([MANY], buckets, "closed"), 24, "read")

    assert buckets.trips == [12, 12]
    assert buckets.places == {"read of me"}


def test_those_who_ask_at_once_share_a_trip() -> None:
    buckets = FakeBuckets()

    assert granted(RateLimiter([MANY], buckets, "closed"), 12, "read") == 12
    assert buckets.trips == [12]


def test_a_refused_client_costs_no_trips_until_its_time() -> None:
    buckets, clock = FakeBuckets(left=0), Clock()
    limiter = RateLimiter([FEW], buckets, "closed", clock)

    assert waits(limiter, 9) == [20] * 9
    assert len(buckets.trips) == 1

    clock.seconds, buckets.left = 20.0, 1
    assert waits(limiter, 2) == [0, 20]


def test_tokens_that_nobody_used_for_a_minute_are_void() -> None:
    buckets, clock = FakeBuckets(), Clock()
    limiter = RateLimiter([MANY], buckets, "closed", clock)
    waits(limiter, 1, "read")

    clock.seconds = 60.0
    waits(limiter, 1, "read")

    assert len(buckets.trips) == 2


@pytest.mark.parametrize(
    ("without_redis", "expected"),
    [("count", [0, 0, 0, 20, 20]), ("open", [-1] * 5)],
)
def test_without_redis_the_settings_decide(
    without_redis: WithoutRedis, expected: list[int]
) -> None:
    buckets = FakeBuckets(is_away=True)
    limiter = RateLimiter([FEW], buckets, without_redis, Clock())

    assert waits(limiter, 5) == expected
    assert len(buckets.trips) == 1


def test_without_redis_nobody_gets_in_if_that_is_set() -> None:
    limiter = RateLimiter([FEW], FakeBuckets(is_away=True), "closed")

    with pytest.raises(RateLimitsUnavailable):
        waits(limiter, 1)


def test_a_redis_that_comes_back_is_asked_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    buckets, clock = FakeBuckets(left=0, is_away=True), Clock()
    limiter = RateLimiter([FEW], buckets, "count", clock)
    with caplog.at_level(logging.WARNING):
        waits(limiter, 1)

    buckets.is_away, clock.seconds = False, AWAY_SECONDS

    assert waits(limiter, 1) == [20]
    assert "rates are count" in caplog.text


def test_a_broker_that_is_not_there_is_told_at_once() -> None:
    limiter = RateLimiter([FEW], RedisBuckets("redis://127.0.0.1:1/0"), "count")

    assert waits(limiter, 4) == [0, 0, 0, 20]


def test_no_more_clients_are_remembered_than_there_is_room_for() -> None:
    buckets = FakeBuckets(left=10**9)
    limiter = RateLimiter([MANY], buckets, "closed")

    async def ask() -> None:
        for client in range(MOST_CLIENTS + 1):
            await limiter.take(str(client), "read")
        await limiter.take("0", "read")

    asyncio.run(ask())

    assert len(buckets.trips) == MOST_CLIENTS + 2
