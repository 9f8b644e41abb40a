"""A bucket of tokens: it fills by itself, and each request takes one."""

import math
from dataclasses import dataclass

WINDOW_SECONDS = 60


@dataclass(frozen=True)
class Policy:
    """So many requests of one class a minute, for each client."""

    name: str
    quota: int

    @property
    def rate(self) -> float:
        """Tokens that come back in a second."""
        return self.quota / WINDOW_SECONDS

    def seconds_until(self, tokens: float, wanted: int) -> int:
        """Return how long a bucket takes to hold what is wanted, in whole seconds."""
        return max(0, math.ceil((wanted - tokens) / self.rate))


@dataclass
class Bucket:
    """What is left of a policy for one client, at a moment of its owner's clock."""

    tokens: float
    at: float

    def take(self, policy: Policy, wanted: int, moment: float) -> int:
        """Take as many tokens as are wanted, or as there are."""
        refilled = self.tokens + (moment - self.at) * policy.rate
        self.tokens, self.at = min(float(policy.quota), refilled), moment
        taken = min(wanted, int(self.tokens))
        self.tokens -= taken
        return taken
