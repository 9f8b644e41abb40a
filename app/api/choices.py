"""Which checkpoint answers, looked up again only once something was committed."""

import asyncio
from uuid import UUID

from sqlalchemy import Engine

from app.api.schemas import CheckpointPublic
from app.database.changes import Changes
from app.database.engine import read_session
from app.jobs import Choice, choose_checkpoint, read_weights

MOST_KNOWN = 256


class Choices:
    """Remembers choices for as long as the database stays as it is."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._changes = Changes(engine)
        self._known: dict[Choice, CheckpointPublic] = {}
        self._known_at: int | None = None

    async def choose(self, choice: Choice) -> CheckpointPublic:
        """Return what app.jobs.choose_checkpoint does; raises what it raises."""
        number = self._changes.number()
        if number is None or number != self._known_at:
            self._known = {}
            self._known_at = number
        known = self._known.get(choice)
        if known is not None:
            return known
        chosen = await asyncio.to_thread(self._look_up, choice)
        # Only if nothing was committed since: what was found may be of before that.
        if number is not None and number == self._known_at:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[choice] = chosen
        return chosen

    def read_weights(self, checkpoint_id: UUID) -> bytes:
        with read_session(self._engine) as session:
            return read_weights(session, checkpoint_id)

    def close(self) -> None:
        self._changes.close()

    def _look_up(self, choice: Choice) -> CheckpointPublic:
        with read_session(self._engine) as session:
            return CheckpointPublic.model_validate(choose_checkpoint(session, choice))
