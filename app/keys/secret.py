"""A key's secret: shown once, kept as a hash.

A secret has 256 random bits, so a plain SHA-256 is enough: there is nothing to guess,
and no slow hash has to stand in every request.
"""

import hashlib
import secrets

PREFIX = "mm"
ID_BYTES = 6
SECRET_BYTES = 32


def new_id() -> str:
    """Return what names a key in lists and logs, and stands in front of its secret."""
    return secrets.token_hex(ID_BYTES)


def new_key(key_id: str) -> str:
    """Return the whole key, `mm_ID_SECRET`."""
    return f"{PREFIX}_{key_id}_{secrets.token_urlsafe(SECRET_BYTES)}"


def id_of(key: str) -> str | None:
    """Return the id in a key; None if it has not the form of one of ours."""
    prefix, *rest = key.split("_", 2)
    if prefix != PREFIX or len(rest) != len(("id", "secret")):
        return None
    return rest[0]


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
