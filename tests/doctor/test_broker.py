"""The doctor asks the broker whether it is there and keeps what it is given."""

import pytest
from redis import Redis

from app.doctor.broker import examine_broker
from app.doctor.finding import Verdict


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [("noeviction", Verdict.OK), ("allkeys-lru", Verdict.WARNING)],
)
def test_a_broker_that_throws_away_is_a_warning(
    redis: Redis, redis_url: str, policy: str, verdict: Verdict
) -> None:
    redis.config_set("maxmemory-policy", policy)

    finding = examine_broker(redis_url)

    redis.config_set("maxmemory-policy", "noeviction")
    assert finding.verdict is verdict


def test_a_broker_that_is_away_is_a_failure() -> None:
    finding = examine_broker("redis://127.0.0.1:1/0")

    assert finding.verdict is Verdict.FAILURE
    assert "MODELMILL_REDIS_URL" in finding.remedy
