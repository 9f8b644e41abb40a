"""Requests that come while the network computes form the next batch."""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from app.errors import PredictorBusy
from app.vision.prepared import Numbers
from app.vision.preprocessing import Pixels


class Computer(Protocol):
    """What turns images into rows of numbers; a batch is for one of it."""

    def logits(self, images: Sequence[Pixels]) -> Numbers: ...


@dataclass(frozen=True)
class Waiting:
    """Images that wait for their turn, and who waits for them."""

    computer: Computer
    images: Sequence[Pixels]
    answer: asyncio.Future[Numbers]


class Batches:
    """One thread that computes, fed by an event loop which alone touches this.

    Nobody waits for a batch to fill: the first image starts at once, and whatever
    came meanwhile is the next batch.
    """

    def __init__(self, largest_batch: int, most_waiting: int) -> None:
        self._largest_batch = largest_batch
        self._most_waiting = most_waiting
        self._waiting: deque[Waiting] = deque()
        self._waiting_images = 0
        self._is_computing = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="predictor")

    async def logits(
        self, computer: Computer, images: Sequence[Pixels]
    ) -> list[Numbers]:
        """Return rows of logits, in the order of the images.

        Raises:
            PredictorBusy: Too many images wait already.
        """
        if self._waiting_images and (
            self._waiting_images + len(images) > self._most_waiting
        ):
            raise PredictorBusy
        loop = asyncio.get_running_loop()
        answers = []
        for start in range(0, len(images), self._largest_batch):
            part = images[start : start + self._largest_batch]
            answers.append(loop.create_future())
            self._waiting.append(Waiting(computer, part, answers[-1]))
            self._waiting_images += len(part)
        self._compute_next(loop)
        return [row for answer in answers for row in await answer]

    def _compute_next(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._is_computing or not self._waiting:
            return
        self._is_computing = True
        batch = self._take_batch()
        computed = loop.run_in_executor(self._thread, compute, batch)
        computed.add_done_callback(lambda done: self._answer(batch, done))

    def _take_batch(self) -> list[Waiting]:
        """Take those in front that ask the same computer, as many as fit."""
        batch: list[Waiting] = []
        count = 0
        while self._waiting:
            first = self._waiting[0]
            count += len(first.images)
            others = batch and first.computer is not batch[0].computer
            if others or (batch and count > self._largest_batch):
                break
            batch.append(self._waiting.popleft())
            self._waiting_images -= len(first.images)
        return batch

    def _answer(self, batch: list[Waiting], done: asyncio.Future[Numbers]) -> None:
        self._is_computing = False
        self._compute_next(done.get_loop())
        error = done.exception()
        start = 0
        for waiting in batch:
            end = start + len(waiting.images)
            if waiting.answer.done():  # nobody waits any more
                pass
            elif error is not None:
                waiting.answer.set_exception(error)
            else:
                waiting.answer.set_result(done.result()[start:end])
            start = end


def compute(batch: list[Waiting]) -> Numbers:
    images = [image for waiting in batch for image in waiting.images]
    return batch[0].computer.logits(images)
