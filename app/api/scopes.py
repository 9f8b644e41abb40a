"""Which scope a request needs: even what no rule names needs a key."""

from app.keys.scope import Scope

SAFE_METHODS = frozenset({"GET", "HEAD"})
# For people and machines that have no key yet: pages, their files, signs of life.
OPEN = frozenset({"/", "/docs", "/redoc", "/openapi.json", "/healthz", "/readyz"})
OPEN_BELOW = ("/static/", "/health/")
ADMINISTRATION = ("/keys", "/audit")
PREDICTIONS = ("/predict", "/predictions")
OF_A_PICTURE = "/feature-maps"  # below each checkpoint
# Asks something, and changes nothing, though what it asks about is in the body.
ASKING = frozenset({"/architectures/describe"})
# What a key may always see: itself.
OWN_KEY = "/keys/me"


def is_open(method: str, path: str) -> bool:
    """Say whether no key is needed."""
    is_public = path in OPEN or path.startswith(OPEN_BELOW)
    return method in SAFE_METHODS and is_public


def needed_scope(method: str, path: str) -> Scope | None:
    """Return what a key must be good for; None if any will do."""
    if method in SAFE_METHODS and path == OWN_KEY:
        return None
    if is_below(path, ADMINISTRATION):
        return Scope.ADMIN
    if is_below(path, PREDICTIONS) or path.endswith(OF_A_PICTURE):
        return Scope.PREDICT
    return Scope.READ if method in SAFE_METHODS or path in ASKING else Scope.TRAIN


def changes_nothing(method: str, path: str) -> bool:
    """Say whether a request only asks, so that the audit log has no need of it."""
    if method in SAFE_METHODS or path in ASKING or path.endswith(OF_A_PICTURE):
        return True
    return path == PREDICTIONS[0]


def is_below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)
