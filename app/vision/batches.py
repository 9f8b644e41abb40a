"""Requests that come while the network computes form the next batch."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Generic, Protocol, TypeVar

from app.errors import PredictorBusy
from app.vision.pixels import Pixels

IDLE_SECONDS = 10.0
WORTH_WAKING = 8


Answer = TypeVar("Answer")
Given = TypeVar("Given", covariant=True)


class Computer(Protocol[Given]):
    """What has an answer to each image; a batch is for one of it."""

    def answers(self, images: Sequence[Pixels]) -> Sequence[Given]: ...


@dataclass(frozen=True)
class Waiting(Generic[Answer]):
    """Images that wait for their turn, and who waits for them."""

    computer: Computer[Answer]
    images: Sequence[Pixels]
    answer: asyncio.Future[Sequence[Answer]]

    def joins(self, other: "Waiting[Answer]") -> bool:
        same_loop = self.answer.get_loop() is other.answer.get_loop()
        return same_loop and self.computer is other.computer


class Batches(Generic[Answer]):
    """One thread that computes what event loops ask for.

    Nobody waits for a batch to fill: the first image starts at once, and whatever
    came meanwhile is the next batch. The thread ends when there was nothing to do.

    It is woken for several that an event loop has at hand, or for all of them. Woken
    for each image, it would fight with the loop for the interpreter, at twice the price
    of a request; woken for sixteen, one of the two would always wait for the other.
    """

    def __init__(self, largest_batch: int, most_waiting: int) -> None:
        self._largest_batch = largest_batch
        self._most_waiting = most_waiting
        self._asked: list[Waiting[Answer]] = []
        self._waiting: deque[Waiting[Answer]] = deque()
        self._waiting_images = 0
        self._arrived = Condition()
        self._thread: Thread | None = None

    async def answers(
        self, computer: Computer[Answer], images: Sequence[Pixels]
    ) -> list[Answer]:
        """Return what a computer makes of each image, in their order.

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
        if len(self._asked) >= WORTH_WAKING:
            self._hand_over()
        return [answer for part in parts for answer in await part.answer]

    def _count(self, more: int) -> None:
        with self._arrived:
            waiting = self._waiting_images
            if waiting and waiting + more > self._most_waiting:
                raise PredictorBusy
            self._waiting_images += more

    def _hand_over(self) -> None:
        asked, self._asked = self._asked, []
        if not asked:  # they were enough before the loop had seen all
            return
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

    def _take_batch(self) -> list[Waiting[Answer]]:
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


def answer_batch(batch: list[Waiting[Answer]]) -> None:
    images = [image for waiting in batch for image in waiting.images]
    found: Sequence[Answer] | Exception
    try:
        found = batch[0].computer.answers(images)
    except Exception as error:  # noqa: BLE001  # whoever asked gets it
        found = error
    # The loop may be closed by now, and with it all who waited.
    with suppress(RuntimeError):
        batch[0].answer.get_loop().call_soon_threadsafe(deliver, batch, found)


def deliver(batch: list[Waiting[Answer]], found: Sequence[Answer] | Exception) -> None:
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
