"""Requests that come while the network computes form the next batch."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Protocol

from app.errors import PredictorBusy
from app.vision.pixels import Pixels
from app.vision.preprocessing import Numbers

IDLE_SECONDS = 10.0


class Computer(Protocol):
    """What turns images into rows of numbers; a batch is for one of it."""

    def rows(self, images: Sequence[Pixels]) -> Numbers: ...


@dataclass(frozen=True)
class Waiting:
    """Images that wait for their turn, and who waits for them."""

    computer: Computer
    images: Sequence[Pixels]
    answer: asyncio.Future[Numbers]

    def joins(self, other: "Waiting") -> bool:
        same_loop = self.answer.get_loop() is other.answer.get_loop()
        return same_loop and self.computer is other.computer


class Batches:
    """One thread that computes what event loops ask for.

    Nobody waits for a batch to fill: the first image starts at once, and whatever
    came meanwhile is the next batch. The thread ends when there was nothing to do.

    It is woken once for all that an event loop has at hand. Woken for each image, it
    would fight with the loop for the interpreter, at twice the price of a request.
    """

    def __init__(self, largest_batch: int, most_waiting: int) -> None:
        self._largest_batch = largest_batch
        self._most_waiting = most_waiting
        self._asked: list[Waiting] = []
        self._waiting: deque[Waiting] = deque()
        self._waiting_images = 0
        self._arrived = Condition()
        self._thread: Thread | None = None

    async def rows(self, computer: Computer, images: Sequence[Pixels]) -> list[Numbers]:
        """Return a row of numbers each, in the order of the images.

        Raises:
            PredictorBusy: Too many images wait already.
        """
        loop = asyncio.get_running_loop()
        parts = [
            Waiting(
                computer,
                images[start : start + self._largest_batch],
                loop.create_future(),
            )
            for start in range(0, len(images), self._largest_batch)
        ]
        self._count(len(images))
        if not self._asked:
            loop.call_soon(self._hand_over)
        self._asked += parts
        return [row for part in parts for row in await part.answer]

    def _count(self, more: int) -> None:
        with self._arrived:
            waiting = self._waiting_images
            if waiting and waiting + more > self._most_waiting:
                raise PredictorBusy
            self._waiting_images += more

    def _hand_over(self) -> None:
        asked, self._asked = self._asked, []
        with self._arrived:
            self._waiting.extend(asked)
            self._arrived.notify()
            if self._thread is None:
                self._thread = Thread(
                    target=self._compute_batches, name="predictor", daemon=True
                )
                self._thread.start()

    def _compute_batches(self) -> None:
        while batch := self._take_batch():
            answer_batch(batch)

    def _take_batch(self) -> list[Waiting]:
        """Take those in front that belong together, as many as fit; none when idle."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: self._waiting, IDLE_SECONDS):
                self._thread = None
                return []
            batch = [self._waiting.popleft()]
            count = len(batch[0].images)
            while self._waiting and self._waiting[0].joins(batch[0]):
                count += len(self._waiting[0].images)
                if count > self._largest_batch:
                    break
                batch.append(self._waiting.popleft())
            self._waiting_images -= sum(len(waiting.images) for waiting in batch)
            return batch


def answer_batch(batch: list[Waiting]) -> None:
    images = [image for waiting in batch for image in waiting.images]
    found: Numbers | Exception
    try:
        found = batch[0].computer.rows(images)
    except Exception as error:  # noqa: BLE001  # whoever asked gets it
        found = error
    # The loop may be closed by now, and with it all who waited.
    with suppress(RuntimeError):
        batch[0].answer.get_loop().call_soon_threadsafe(deliver, batch, found)


def deliver(batch: list[Waiting], found: Numbers | Exception) -> None:
    start = 0
    for waiting in batch:
        end = start + len(waiting.images)
        if waiting.answer.done():  # cancelled: nobody waits any more
            pass
        elif isinstance(found, Exception):
            waiting.answer.set_exception(found)
        else:
            waiting.answer.set_result(found[start:end])
        start = end
