"""The Redis that rings the workers."""

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.doctor.finding import Finding, failure, ok, warning

BROKER = "broker"
SECONDS = 3.0


def examine_broker(redis_url: str) -> Finding:
    client = Redis.from_url(
        redis_url,
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        with client:
            about = client.info("server")
            policy = client.config_get("maxmemory-policy").get("maxmemory-policy")
    except RedisError as error:
        return failure(
            BROKER,
            f"No Redis answers: {error}",
            "Jobs are taken and wait meanwhile. Start Redis, check "
            "MODELMILL_REDIS_URL, or start `modelmill serve`, which brings its own.",
        )
    if policy != "noeviction":
        return warning(
            BROKER,
            f"Redis may throw messages away (maxmemory-policy {policy}), so that jobs "
            "start late.",
            "Set its maxmemory-policy to noeviction.",
        )
    return ok(BROKER, f"Redis {about['redis_version']} answers.")
