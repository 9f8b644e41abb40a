"""Which hosts have a live worker: a key in Redis that a worker keeps from expiring."""

from redis import Redis, RedisError

TIMEOUT_SECONDS = 2.0
LIFETIME_SECONDS = 30


def announce_worker(redis_url: str, host: str) -> None:
    """Say that the host's worker is alive; a Redis that is away hears it later."""
    try:
        connect(redis_url).set(presence_key(host), "alive", ex=LIFETIME_SECONDS)
    except RedisError:
        return


def is_worker_alive(redis_url: str, host: str) -> bool:
    try:
        return connect(redis_url).exists(presence_key(host)) == 1
    except RedisError:
        return False


def connect(redis_url: str) -> Redis:
    return Redis.from_url(
        redis_url,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
    )


def presence_key(host: str) -> str:
    return f"modelmill:worker:{host}"
