"""Requests that come while a batch is computed form the next one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event

import numpy as np
import pytest

from app.errors import PredictorBusy
from app.vision.batches import WORTH_WAKING, Batches, Computer
from app.vision.pixels import Pixels

PATIENCE_SECONDS = 60


@dataclass
class Gate:
    """In place of a network: answers each image's first pixel, once it may."""

    factor: int = 1
    is_reached: Event = field(default_factory=Event)
    is_open: Event = field(default_factory=Event)
    sizes: list[int] = field(default_factory=list)

    def answers(self, images: Sequence[Pixels]) -> list[int]:
        self.sizes.append(len(images))
        self.is_reached.set()
        assert self.is_open.wait(PATIENCE_SECONDS)
        return [int(image[0, 0]) * self.factor for image in images]


class Broken:
    def answers(self, images: Sequence[Pixels]) -> list[int]:
        raise ArithmeticError(f"{len(images)} images")


def image(number: int) -> Pixels:
    return np.full((28, 28), number, np.uint8)


def ask(
    batches: Batches[int], gate: Computer[int], *numbers: int
) -> "asyncio.Task[list[int]]":
    images = [image(number) for number in numbers]
    return asyncio.create_task(batches.answers(gate, images))


async def reached(gate: Gate) -> None:
    assert await asyncio.to_thread(gate.is_reached.wait, PATIENCE_SECONDS)


async def read(*tasks: "asyncio.Task[list[int]]") -> list[list[int]]:
    return [await task for task in tasks]


def test_an_image_that_comes_first_does_not_wait_for_others() -> None:
    gate = Gate()
    gate.is_open.set()

    async def alone() -> list[list[int]]:
        return await read(ask(Batches[int](8, 8), gate, 7))

    assert asyncio.run(alone()) == [[7]]
    assert gate.sizes == [1]


def test_what_comes_meanwhile_is_one_batch() -> None:
    gate = Gate()

    async def three() -> list[list[int]]:
        batches = Batches[int](8, 8)
        first = ask(batches, gate, 1)
        await reached(gate)
        tasks = [first, ask(batches, gate, 2, 3), ask(batches, gate, 4)]
        await asyncio.sleep(0)
        gate.is_open.set()
        return await read(*tasks)

    assert asyncio.run(three()) == [[1], [2, 3], [4]]
    assert gate.sizes == [1, 3]


def test_several_images_start_before_the_loop_has_seen_all() -> None:
    gate = Gate()
    gate.is_open.set()

    async def hold_up_the_loop() -> None:
        assert gate.is_reached.wait(PATIENCE_SECONDS)

    async def turn() -> list[list[int]]:
        batches = Batches[int](32, 32)
        tasks = [ask(batches, gate, number) for number in range(WORTH_WAKING)]
        await asyncio.create_task(hold_up_the_loop())  # in the same turn as they
        return await read(*tasks)

    assert asyncio.run(turn()) == [[number] for number in range(WORTH_WAKING)]


def test_no_batch_is_larger_than_allowed() -> None:
    gate = Gate()
    gate.is_open.set()

    async def many() -> list[list[int]]:
        return await read(ask(Batches[int](4, 100), gate, *range(10)))

    assert asyncio.run(many()) == [list(range(10))]
    assert max(gate.sizes) <= 4


def test_batches_never_mix_checkpoints() -> None:
    one, other = Gate(factor=1), Gate(factor=10)

    async def both() -> list[list[int]]:
        batches = Batches[int](8, 8)
        first = ask(batches, one, 3)
        await reached(one)
        others = [ask(batches, gate, 3) for gate in (other, other, one)]
        await asyncio.sleep(0)
        one.is_open.set()
        other.is_open.set()
        return await read(first, *others)

    assert asyncio.run(both()) == [[3], [30], [30], [3]]
    assert (one.sizes, other.sizes) == ([1, 1], [2])


def test_more_than_may_wait_is_refused_and_the_others_are_answered() -> None:
    gate = Gate()

    async def crowd() -> list[list[int]]:
        batches = Batches[int](2, 3)
        first = ask(batches, gate, 1)
        await reached(gate)
        tasks = [first, ask(batches, gate, 2, 3), ask(batches, gate, 4)]
        await asyncio.sleep(0)
        with pytest.raises(PredictorBusy):
            await ask(batches, gate, 5)
        gate.is_open.set()
        return await read(*tasks)

    assert asyncio.run(crowd()) == [[1], [2, 3], [4]]


def test_a_request_larger_than_the_queue_is_taken_while_nobody_waits() -> None:
    gate = Gate()
    gate.is_open.set()

    async def alone() -> list[list[int]]:
        return await read(ask(Batches[int](2, 3), gate, *range(9)))

    assert asyncio.run(alone()) == [list(range(9))]


def test_an_error_reaches_all_of_its_batch_and_nobody_else() -> None:
    broken, sound = Broken(), Gate()
    sound.is_open.set()

    async def both() -> list[list[int]]:
        batches = Batches[int](8, 8)
        wrong, right = ask(batches, broken, 1), ask(batches, sound, 2)
        with pytest.raises(ArithmeticError):
            await wrong
        return await read(right)

    assert asyncio.run(both()) == [[2]]


def test_who_leaves_does_not_hold_up_the_others() -> None:
    gate = Gate()

    async def leave() -> list[list[int]]:
        batches = Batches[int](8, 8)
        leaves, stays = ask(batches, gate, 1), ask(batches, gate, 2)
        await asyncio.sleep(0)
        leaves.cancel()
        gate.is_open.set()
        return await read(stays)

    assert asyncio.run(leave()) == [[2]]
