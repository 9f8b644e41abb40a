"""The buckets that all processes of the service share, in Redis."""

from typing import NamedTuple, Protocol

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.rates.bucket import WINDOW_SECONDS, Policy

PATIENCE_SECONDS = 0.25
# By Redis' own clock, so that nobody else's counts. A bucket that nobody took from for
# a window is full, and need not be kept. Numbers leave a script as whole ones only.
TAKE = """
local quota, rate, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(kept[1]) or quota, tonumber(kept[2]) or now
tokens = math.min(quota, tokens + math.max(0, now - at) * rate)
local taken = math.min(wanted, math.floor(tokens))
tokens = tokens - taken
at = string.format('%.6f', now)
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', at)
redis.call('EXPIRE', KEYS[1], ARGV[4])
return {taken, tostring(tokens)}
"""


class Taken(NamedTuple):
    """How many tokens one got, and what the bucket holds now."""

    taken: int
    tokens: float


class Buckets(Protocol):
    """Whatever keeps the buckets of all processes."""

    def take(self, client: str, policy: Policy, wanted: int) -> Taken:
        """Take tokens; raise RedisError while nobody can tell how many there are."""
        ...


class RedisBuckets:
    """Takes by one short script, so that no two processes get the same token."""

    def __init__(self, redis_url: str) -> None:
        # Asked once and briefly: a request waits for the answer.
        self._redis = Redis.from_url(
            redis_url,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )
        self._take = self._redis.register_script(TAKE)

    def take(self, client: str, policy: Policy, wanted: int) -> Taken:
        key = f"modelmill:rate:{policy.name}:{client}"
        arguments = [policy.quota, policy.rate, wanted, WINDOW_SECONDS]
        taken, tokens = self._take(keys=[key], args=arguments)
        return Taken(int(taken), float(tokens))

    def close(self) -> None:
        self._redis.close()
