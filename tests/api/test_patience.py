"""A body has to begin in time and then keep up a speed; nothing else is hurried."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.types import Message

from app.api.patience import InTime, TooSlow

WHOLE: Message = {"type": "http.request", "body": b"ab", "more_body": False}
PART: Message = {"type": "http.request", "body": bytes(50), "more_body": True}
PATIENCE = 0.05


async def receive(
    parts: Sequence[tuple[float, Message]], speed: int = 10**6
) -> list[Message]:
    """Receive parts that each come after so many seconds."""
    coming = iter(parts)

    async def next_part() -> Message:
        seconds, message = next(coming)
        await asyncio.sleep(seconds)
        return message

    in_time = InTime(next_part, PATIENCE, speed)
    return [await in_time() for _ in parts]


def test_a_body_that_comes_is_passed_on() -> None:
    assert asyncio.run(receive([(0, PART), (0, WHOLE)])) == [PART, WHOLE]


def test_a_part_that_does_not_come_is_not_waited_for() -> None:
    with pytest.raises(TooSlow):
        asyncio.run(receive([(0, PART), (9, WHOLE)]))


def test_what_has_come_gives_time_for_more() -> None:
    parts = [(0, PART), (2 * PATIENCE, WHOLE)]

    assert asyncio.run(receive(parts, speed=100)) == [PART, WHOLE]
    with pytest.raises(TooSlow):
        asyncio.run(receive(parts, speed=10**6))


def test_after_the_body_there_is_no_hurry() -> None:
    parts = [(0, WHOLE), (2 * PATIENCE, {"type": "http.disconnect"})]

    assert len(asyncio.run(receive(parts))) == 2


def test_a_client_that_goes_away_has_sent_all_it_will() -> None:
    gone: Message = {"type": "http.disconnect"}

    assert asyncio.run(receive([(0, gone), (2 * PATIENCE, gone)])) == [gone, gone]
