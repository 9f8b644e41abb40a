"""A job's events as they come, across every break of the connection."""

from collections.abc import Iterator
from contextlib import suppress

import httpx2

from app.client.answers import Event, Job
from app.client.connection import Connection, read_answer
from app.client.errors import ClientError
from app.client.retries import Retries

PATIENCE_SECONDS = 300.0
PROGRESS = "progress"


class Patience:
    """How long nobody may answer before following ends."""

    def __init__(self, retries: Retries) -> None:
        self._retries = retries
        self.renew()

    def renew(self) -> None:
        self._pauses, self._waited = self._retries.pauses(), 0.0

    def wait(self, trouble: ClientError | None) -> None:
        """Wait a while; raise the trouble if that has been too long, or is no use."""
        pause = next(self._pauses)
        if trouble is not None:
            if not trouble.is_passing or self._waited > PATIENCE_SECONDS:
                raise trouble
            pause = max(pause, trouble.retry_after)
        self._retries.sleep(pause)
        self._waited += pause


def follow(connection: Connection, job_id: str, after: int) -> Iterator[Event]:
    """Yield each event with a higher number once, in order, until the job has ended.

    Raises:
        Refused: There is no such job.
        Unreachable: Nobody answered for five minutes.
    """
    patience = Patience(connection.retries)
    while True:
        trouble: ClientError | None = None
        try:
            for event in listen(connection, job_id, after):
                patience.renew()
                after = event.number or after
                yield event
                if event.is_end:
                    return
            if has_ended(connection, job_id):
                return
        except ClientError as error:
            trouble = error
        patience.wait(trouble)


def listen(connection: Connection, job_id: str, after: int) -> Iterator[Event]:
    """Yield what one connection brings before it breaks."""
    headers = {"Last-Event-ID": str(after)}
    path = f"/jobs/{job_id}/events"
    with connection.open("GET", path, headers=headers) as response:
        for message in httpx2.EventSource(response):
            yield read_event(message, connection.url)


def read_event(message: httpx2.ServerSentEvent, url: str) -> Event:
    document: object = None
    with suppress(ValueError):
        document = message.json()
    if message.event == PROGRESS:
        document = {"kind": PROGRESS, "data": document}
    return read_answer(Event, document, url)


def has_ended(connection: Connection, job_id: str) -> bool:
    """Ask whether a stream that told of no end is over all the same."""
    document = connection.ask("GET", f"/jobs/{job_id}")
    return read_answer(Job, document, connection.url).is_terminal
