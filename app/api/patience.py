"""Bodies have to come, and at a least speed: a client that drips holds a place."""

import asyncio
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive


class TooSlow(HTTPException):
    """What a client hears that sends too slowly; its connection is not used again.

    One of the framework's, which passes by those who take any other for a torn body.
    """

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.REQUEST_TIMEOUT,
            "The request did not come in time.",
            {"Connection": "close"},
        )


class InTime:
    """Receives a body that begins within a while and then keeps up a speed."""

    def __init__(
        self, receive: Receive, patience_seconds: float, bytes_per_second: int
    ) -> None:
        self._receive = receive
        self._patience = patience_seconds
        self._speed = bytes_per_second
        self._due: float | None = None
        self._is_whole = False

    async def __call__(self) -> Message:
        """Return the next part; after the last one there is no hurry.

        Raises:
            TooSlow: It did not come.
        """
        if self._is_whole:
            return await self._receive()
        if self._due is None:
            self._due = asyncio.get_running_loop().time() + self._patience
        try:
            async with asyncio.timeout_at(self._due):
                message = await self._receive()
        except TimeoutError as error:
            raise TooSlow from error
        self._due += len(message.get("body", b"")) / self._speed
        self._is_whole = not message.get("more_body", False)
        return message
