"""So much at once: what does not fit waits for its turn, and for a moment only."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from app.errors import Busy


class Waiting(NamedTuple):
    """Someone in the line, and how much room he needs."""

    weight: int
    granted: asyncio.Future[None]


class Turns:
    """Room that is lent on one event loop, first come, first served."""

    def __init__(self, room: int, patience_seconds: float) -> None:
        self._room = self._free = room
        self._patience = patience_seconds
        self._line: deque[Waiting] = deque()

    @asynccontextmanager
    async def turn(self, weight: int = 1) -> AsyncIterator[None]:
        """Hold some of the room within the block; what is larger than all, all of it.

        Raises:
            Busy: There was no room for a while.
        """
        weight = min(weight, self._room)
        if self._line or self._free < weight:
            await self._wait(weight)
        else:
            self._free -= weight
        try:
            yield
        finally:
            self._free += weight
            self._grant()

    async def _wait(self, weight: int) -> None:
        waiting = Waiting(weight, asyncio.get_running_loop().create_future())
        self._line.append(waiting)
        try:
            async with asyncio.timeout(self._patience):
                await waiting.granted
        except BaseException as error:
            self._give_up(waiting)
            if isinstance(error, TimeoutError):
                raise Busy from error
            raise

    def _give_up(self, waiting: Waiting) -> None:
        if waiting in self._line:
            self._line.remove(waiting)
        else:  # it was granted in the same moment
            self._free += waiting.weight
        self._grant()

    def _grant(self) -> None:
        while self._line and self._line[0].weight <= self._free:
            waiting = self._line.popleft()
            self._free -= waiting.weight
            if not waiting.granted.done():  # else it is about to give up
                waiting.granted.set_result(None)
