"""Which class of requests one is of, and how an answer tells where its client stands.

The header fields are those of draft-ietf-httpapi-ratelimit-headers, 09 and later.
"""

from starlette.types import Scope as Connection

from app.api.scopes import ASKING, SAFE_METHODS
from app.errors import RateLimited
from app.keys.scope import Scope
from app.rates.bucket import WINDOW_SECONDS, Policy
from app.rates.limiter import RateLimiter, Standing
from app.settings import Settings

RATE_FIELDS = "rate_fields"  # where they lie in a connection's state
NOWHERE = "nowhere"  # a Unix socket's other end
PREDICT, CHANGE, READ = "predict", "change", "read"


def policies_of(settings: Settings) -> list[Policy]:
    return [
        Policy(PREDICT, settings.rate_predict),
        Policy(CHANGE, settings.rate_change),
        Policy(READ, settings.rate_read),
    ]


def class_of(method: str, path: str, scope: Scope | None) -> str:
    if method in SAFE_METHODS or path in ASKING:
        return READ
    return PREDICT if scope is Scope.PREDICT else CHANGE


def address_of(connection: Connection) -> str:
    """Return who asks where no key says it."""
    host, _port = connection.get("client") or (NOWHERE, 0)
    return str(host)


async def count_in(
    limiter: RateLimiter, client: str, name: str, connection: Connection
) -> None:
    """Grant a request, and leave in its state what the answer has to tell.

    Raises:
        RateLimited: Its client has to wait.
        RateLimitsUnavailable: Nobody can tell, and the settings say closed.
    """
    standing = await limiter.take(client, name)
    if standing is None:
        return
    connection["state"][RATE_FIELDS] = fields_of(standing)
    if standing.wait > 0:
        raise RateLimited(standing.wait)


def fields_of(standing: Standing) -> list[tuple[bytes, bytes]]:
    policy = standing.policy
    limit = f'"{policy.name}";q={policy.quota};w={WINDOW_SECONDS}'
    left = f'"{policy.name}";r={standing.left};t={standing.full_in}'
    return [(b"ratelimit-policy", limit.encode()), (b"ratelimit", left.encode())]
