"""Readiness is told within a bounded time, whatever hangs."""

import asyncio
from threading import Event

import pytest
from fastapi import FastAPI

from app.api.deps import Services
from app.api.health import Inspector, Part, PartStatus, Readiness


@pytest.mark.parametrize(
    ("name", "status"),
    [("database", PartStatus.UNAVAILABLE), ("redis", PartStatus.DEGRADED)],
)
def test_a_part_that_hangs_is_asked_once_and_waited_for_briefly(
    app: FastAPI, name: str, status: PartStatus
) -> None:
    release, asked = Event(), []

    def hang(_services: Services) -> Part:
        asked.append(name)
        release.wait()
        return Part()

    inspector = Inspector({name: hang, "disk": lambda _services: Part()})

    async def inspect() -> dict[str, Part]:
        return await inspector.inspect(app.state.services, patience=0.01)

    for _probe in range(2):
        parts = asyncio.run(inspect())
        assert (parts[name].status, parts["disk"].status) == (status, PartStatus.OK)
        assert "in time" in (parts[name].reason or "")
    assert asked == [name]

    release.set()
    while (parts := asyncio.run(inspect()))[name].reason is not None:
        pass
    assert Readiness.of(parts).status is PartStatus.OK
