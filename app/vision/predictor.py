"""From pixels to labels with any checkpoint, as many of which as fit stay in memory."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.vision.batches import Batches
from app.vision.pixels import Pixels
from app.vision.prediction import Prediction
from app.vision.prepared import PreparedCheckpoint, prepare_checkpoint

ReadWeights = Callable[[UUID], bytes]


@dataclass(frozen=True)
class Limits:
    """How much a predictor keeps, and how much it takes on."""

    memory_bytes: int
    largest_batch: int
    most_waiting: int


class Predictor:
    """Keeps the networks that were used last; one event loop at a time may ask."""

    def __init__(self, limits: Limits) -> None:
        self._memory_bytes = limits.memory_bytes
        self._prepared: OrderedDict[UUID, PreparedCheckpoint] = OrderedDict()
        self._preparing: dict[UUID, asyncio.Task[PreparedCheckpoint]] = {}
        self._batches = Batches[Prediction](limits.largest_batch, limits.most_waiting)
        self.hits = self.misses = 0

    async def predict(
        self, checkpoint_id: UUID, read_weights: ReadWeights, images: Sequence[Pixels]
    ) -> list[Prediction]:
        """Classify images of its shape; read_weights is asked on first use only.

        It is asked in a thread, and whoever needs another checkpoint does not wait.

        Raises:
            PredictorBusy: Too many images wait already.
        """
        checkpoint = self._prepared.get(checkpoint_id)
        if checkpoint is None:
            self.misses += 1
            # It may be known before it is kept, or no longer be kept.
            checkpoint = await self._prepare(checkpoint_id, read_weights)
        else:
            self.hits += 1
            self._prepared.move_to_end(checkpoint_id)
        return await self._batches.answers(checkpoint, images)

    async def _prepare(
        self, checkpoint_id: UUID, read_weights: ReadWeights
    ) -> PreparedCheckpoint:
        """Prepare a checkpoint once, however many ask for it meanwhile."""
        task = self._preparing.get(checkpoint_id)
        if task is None:
            work = asyncio.to_thread(
                lambda: prepare_checkpoint(read_weights(checkpoint_id))
            )
            task = asyncio.create_task(work)
            self._preparing[checkpoint_id] = task
            task.add_done_callback(lambda done: self._keep(checkpoint_id, done))
        return await asyncio.shield(task)

    def _keep(
        self, checkpoint_id: UUID, done: asyncio.Task[PreparedCheckpoint]
    ) -> None:
        del self._preparing[checkpoint_id]
        if done.cancelled() or done.exception() is not None:
            return
        self._prepared[checkpoint_id] = done.result()
        while len(self._prepared) > 1 and self.kept_bytes > self._memory_bytes:
            self._prepared.popitem(last=False)

    @property
    def kept_bytes(self) -> int:
        return sum(checkpoint.size_bytes for checkpoint in [*self._prepared.values()])

    @property
    def kept_count(self) -> int:
        return len(self._prepared)
