"""However many large uploads come at once, memory and decoders are lent in turns."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from app.api.turns import Turns
from app.errors import Busy
from app.settings import Settings
from tests.factories import drawn_digit, encoded, read_problem, succeeded_job

MOMENT, LONG = 0.01, 30.0
LARGE = encoded(drawn_digit()) + bytes(100_000)  # what follows a PNG is not read


class Track(Turns):
    """Turns that tell how much is lent."""

    def lent(self) -> int:
        return self._room - self._free


async def hold(turns: Turns, weight: int, until: asyncio.Event) -> None:
    async with turns.turn(weight):
        await until.wait()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_what_fits_has_its_turn_at_once() -> None:
    async def story() -> int:
        turns = Track(3, MOMENT)
        async with turns.turn(1), turns.turn(2):
            return turns.lent()

    assert asyncio.run(story()) == 3


def test_what_does_not_fit_waits_in_order() -> None:
    async def story() -> list[str]:
        turns, order = Turns(2, LONG), list[str]()

        async def ask(name: str, weight: int) -> None:
            async with turns.turn(weight):
                order.append(name)

        first = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(hold(turns, 1, first))
            await settle()
            tasks.create_task(ask("large", 2))
            tasks.create_task(ask("small, later", 1))
            await settle()
            assert order == []
            first.set()
        return order

    assert asyncio.run(story()) == ["large", "small, later"]


def test_who_waits_too_long_is_refused_and_leaves_the_line() -> None:
    async def story() -> None:
        turns, until = Track(1, MOMENT), asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(hold(turns, 1, until))
            await settle()
            with pytest.raises(Busy):
                await hold(turns, 1, until)
            until.set()
        async with turns.turn(1):
            assert turns.lent() == 1

    asyncio.run(story())


@pytest.mark.parametrize("moment", ["waiting", "granted"])
def test_who_goes_away_takes_nothing_along(moment: str) -> None:
    async def story() -> int:
        turns, until = Track(1, LONG), asyncio.Event()
        async with turns.turn(1):
            waiter = asyncio.create_task(hold(turns, 1, until))
            await settle()
            if moment == "waiting":
                waiter.cancel()
        waiter.cancel()
        await asyncio.gather(waiter, return_exceptions=True)
        return turns.lent()

    assert asyncio.run(story()) == 0


def test_what_is_larger_than_all_room_takes_all() -> None:
    async def story() -> int:
        turns = Track(5, MOMENT)
        async with turns.turn(9):
            return turns.lent()

    assert asyncio.run(story()) == 5


def replaced(app: FastAPI, **turns: Turns) -> None:
    app.state.services = replace(app.state.services, **turns)


def posting(app: FastAPI, times: int) -> list[httpx2.Response]:
    async def crowd() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://a") as one:
            headers = {"Content-Type": "image/png"}
            asked: list[Awaitable[httpx2.Response]] = [
                one.post("/predict", content=LARGE, headers=headers)
                for _ in range(times)
            ]
            return list(await asyncio.gather(*asked))

    return asyncio.run(crowd())


@pytest.mark.parametrize("which", ["uploads", "decoding"])
def test_an_upload_that_finds_no_room_is_refused(
    app: FastAPI, engine: Engine, which: str
) -> None:
    succeeded_job(engine)
    full = Turns(1, MOMENT)
    full._free = 0
    replaced(app, **{which: full})

    [response] = posting(app, 1)

    assert read_problem(response)["code"] == "busy"
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")


def test_uploads_at_once_have_memory_in_turns(app: FastAPI, engine: Engine) -> None:
    succeeded_job(engine)
    lent: list[int] = []

    class Watched(Track):
        def _grant(self) -> None:
            lent.append(self.lent())
            super()._grant()

    replaced(app, uploads=Watched(3 * len(LARGE), LONG), decoding=Turns(1, LONG))

    responses = posting(app, 12)

    assert {response.status_code for response in responses} == {200}
    assert max(lent) < 3 * len(LARGE)
    assert len(lent) == 12


def test_a_body_of_unknown_length_counts_as_the_largest(
    app: FastAPI, settings: Settings, engine: Engine
) -> None:
    succeeded_job(engine)
    turns = Track(settings.max_upload_bytes, LONG)
    replaced(app, uploads=turns)

    async def body() -> AsyncIterator[bytes]:
        assert turns.lent() == settings.max_upload_bytes
        yield LARGE

    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://a") as one:
            headers = {"Content-Type": "image/png"}
            return await one.post("/predict", content=body(), headers=headers)

    assert asyncio.run(ask()).status_code == 200
