"""uvicorn's connection, for clients that take their time: `uvicorn --http`.

uvicorn itself waits for ever for the rest of a head, and for a client that does not
read; only between two requests it is impatient. It holds as many connections as come.
"""

from asyncio import TimerHandle, Transport
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.api.errors import answer_framework_error, answer_own_error
from app.api.patience import TooSlow
from app.errors import TooManyConnections

BOUNDS = "bounds"  # where they lie in the state of the application
NOWHERE: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}


@dataclass(frozen=True)
class Bounds:
    """How many clients there may be, and how long one is waited for."""

    most_connections: int
    patience_seconds: float


class PatientConnection(HttpToolsProtocol):
    """Cuts off who sends no whole head, or reads nothing, for as long as is borne."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._bounds: Bounds = self.app_state[BOUNDS]
        self._is_idle = True
        self._head_due: TimerHandle | None = None
        self._reading_due: TimerHandle | None = None
        self._has_spoken = False

    @override
    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self._bounds.most_connections:
            self.app = refuse
        self._expect_head()

    @override
    def data_received(self, data: bytes) -> None:
        self._has_spoken = True
        if self._head_due is None and self._is_idle:
            self._expect_head()
        super().data_received(data)

    @override
    def on_headers_complete(self) -> None:
        stop(self._head_due)
        self._head_due, self._is_idle = None, False
        super().on_headers_complete()

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._has_spoken, self._is_idle = False, self.cycle.response_complete
        if self.transport.is_closing():
            self._expect_reading()

    @override
    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._expect_reading()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._expect_reading()

    @override
    def resume_writing(self) -> None:
        stop(self._reading_due)
        super().resume_writing()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        stop(self._head_due)
        stop(self._reading_due)
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        seconds = self._bounds.patience_seconds
        self._head_due = self.loop.call_later(seconds, self._end_head)

    def _end_head(self) -> None:
        if self._has_spoken:
            answer = answer_framework_error(Request(NOWHERE), TooSlow())
            self.transport.write(written(answer))
        self.transport.close()
        self._expect_reading()

    def _expect_reading(self) -> None:
        """Wait for the client to take what was written, and not for ever."""
        stop(self._reading_due)
        seconds = self._bounds.patience_seconds
        self._reading_due = self.loop.call_later(seconds, self.transport.abort)


def stop(timer: TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer on a connection that is one too many."""
    answer = answer_own_error(Request(scope), TooManyConnections())
    answer.headers["Connection"] = "close"
    await answer(scope, receive, send)


def written(answer: Response) -> bytes:
    head = [name + b": " + value + b"\r\n" for name, value in answer.raw_headers]
    return b"".join(
        [STATUS_LINE[answer.status_code], *head, b"\r\n", bytes(answer.body)]
    )
