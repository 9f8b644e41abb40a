"""Who may ask now: tokens are fetched from Redis by the handful and spent here.

A request costs a look into a dictionary, and only each fiftieth of a client's quota a
round trip. While Redis is away each process counts by itself, if the settings say so.
"""

import asyncio
import logging
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from redis import RedisError

from app.errors import RateLimitsUnavailable
from app.rates.bucket import WINDOW_SECONDS, Bucket, Policy
from app.rates.shared import Buckets

logger = logging.getLogger(__name__)

WithoutRedis = Literal["count", "open", "closed"]
HANDFULS = 50  # in a quota
AWAY_SECONDS = 5.0  # for so long a Redis that did not answer is not asked again
MOST_CLIENTS = 10_000


class Standing(NamedTuple):
    """How a client stands after its request, and how long it has to wait if at all."""

    policy: Policy
    left: int
    full_in: int
    wait: int


@dataclass
class Purse:
    """The tokens that this process holds for one client and policy."""

    policy: Policy
    own: Bucket  # counts while Redis is away
    tokens: int = 0
    good_until: float = 0.0
    empty_until: float = 0.0  # Redis has said so; it need not be asked again
    shared: float = 0.0  # what was left there
    filling: asyncio.Lock = field(default_factory=asyncio.Lock)

    def standing(self, wait: int) -> Standing:
        left = self.tokens + self.shared
        full_in = self.policy.seconds_until(left, self.policy.quota)
        return Standing(self.policy, int(left), full_in, wait)

    def may_fill(self, moment: float) -> bool:
        if moment >= self.good_until:
            self.tokens = 0
        return self.tokens == 0 and moment >= self.empty_until


class RateLimiter:
    """Grants requests, or says how long to wait."""

    def __init__(
        self,
        policies: Iterable[Policy],
        buckets: Buckets,
        without_redis: WithoutRedis,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policies = {one.name: one for one in policies if one.quota > 0}
        self._buckets = buckets
        self._without_redis = without_redis
        self._clock = clock
        self._purses: OrderedDict[tuple[str, str], Purse] = OrderedDict()
        self._away_until = 0.0

    async def take(self, client: str, name: str) -> Standing | None:
        """Grant one request of a class, or none; None where nothing is counted.

        Raises:
            RateLimitsUnavailable: Nobody can tell, and the settings say closed.
        """
        policy = self._policies.get(name)
        if policy is None:
            return None
        purse = self._purse_of(client, policy)
        while purse.may_fill(self._clock()):
            async with purse.filling:
                if purse.may_fill(self._clock()) and not await self._fill(
                    client, purse
                ):
                    return None
        if purse.tokens == 0:
            seconds = purse.empty_until - self._clock()
            return purse.standing(max(1, math.ceil(seconds)))
        purse.tokens -= 1
        return purse.standing(0)

    async def _fill(self, client: str, purse: Purse) -> bool:
        """Fetch a handful of tokens; False if none are needed."""
        policy, moment = purse.policy, self._clock()
        wanted = max(1, policy.quota // HANDFULS)
        if moment >= self._away_until:
            try:
                taken, purse.shared = await asyncio.to_thread(
                    self._buckets.take, client, policy, wanted
                )
            except RedisError as error:
                self._away_until = self._clock() + AWAY_SECONDS
                logger.warning("rates are %s: %s", self._without_redis, error)
            else:
                self._put_in(purse, taken)
                return True
        if self._without_redis == "closed":
            raise RateLimitsUnavailable
        if self._without_redis == "open":
            return False
        taken = purse.own.take(policy, 1, moment)
        purse.shared = purse.own.tokens
        self._put_in(purse, taken)
        return True

    def _put_in(self, purse: Purse, taken: int) -> None:
        moment = self._clock()
        purse.tokens, purse.good_until = taken, moment + WINDOW_SECONDS
        if taken == 0:
            purse.empty_until = moment + (1 - purse.shared) / purse.policy.rate

    def _purse_of(self, client: str, policy: Policy) -> Purse:
        place = (client, policy.name)
        purse = self._purses.get(place)
        if purse is None:
            full = Bucket(float(policy.quota), self._clock())
            purse = self._purses[place] = Purse(policy, full)
            if len(self._purses) > MOST_CLIENTS:
                self._purses.popitem(last=False)
        return purse
