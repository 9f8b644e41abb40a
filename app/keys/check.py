"""Which key a request has, without a look into the database each time."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from app.database.engine import read_session, write_session
from app.errors import KeyMissing, KeyRefused
from app.keys.scope import Scope
from app.keys.secret import digest
from app.keys.store import find_key, has_ended, note_use
from app.models import now

FRESH_SECONDS = 5.0  # for so long another process may go on to take a revoked key
MOST_REMEMBERED = 1000
BEARER = "bearer "


@dataclass(frozen=True)
class KnownKey:
    """A key that is good, and for what."""

    id: str
    scopes: frozenset[Scope]
    expires_at: datetime | None

    def allows(self, scope: Scope) -> bool:
        return scope in self.scopes or Scope.ADMIN in self.scopes


class KeyCheck:
    """Remembers for a few seconds which keys are good.

    What it remembers is found by the hash of the whole key, so neither the time of a
    look nor the memory of this process tells a secret.
    """

    def __init__(
        self, engine: Engine, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._known: OrderedDict[str, tuple[KnownKey, float]] = OrderedDict()

    async def check(self, authorization: str | None) -> KnownKey:
        """Return the key of a request by its header `Authorization`.

        Raises:
            KeyMissing: There is none.
            KeyRefused: It is unknown, was revoked, or has expired.
        """
        if authorization is None or not authorization.lower().startswith(BEARER):
            raise KeyMissing
        key = authorization[len(BEARER) :].strip()
        hashed = digest(key)
        known, until = self._known.get(hashed, (None, 0.0))
        if known is None or until < self._clock():
            known = await asyncio.to_thread(self._look_up, key)
            self._remember(hashed, known)
        if known.expires_at is not None and known.expires_at <= now():
            raise KeyRefused
        return known

    def forget(self) -> None:
        """Look every key up again: one was revoked."""
        self._known.clear()

    def _look_up(self, key: str) -> KnownKey:
        with read_session(self._engine) as session:
            row = find_key(session, key)
        if row is None or has_ended(row, now()):
            raise KeyRefused
        with write_session(self._engine) as session:
            note_use(session, row.id)
        scopes = frozenset(Scope(scope) for scope in row.scopes)
        return KnownKey(row.id, scopes, row.expires_at)

    def _remember(self, hashed: str, known: KnownKey) -> None:
        self._known[hashed] = (known, self._clock() + FRESH_SECONDS)
        self._known.move_to_end(hashed)
        while len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
