"""A choice is remembered until something is committed, and never longer."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine, event

from app.api.choices import Choices
from app.database.changes import Changes
from app.errors import NoCheckpointYet
from app.jobs import Choice
from tests.factories import record_epoch, running_job, submitted_job, succeeded_job

ANY = Choice()


@pytest.fixture
def choices(engine: Engine) -> Iterator[Choices]:
    choices = Choices(engine)
    yield choices
    choices.close()


@pytest.fixture
def statements(engine: Engine) -> list[str]:
    """Give a list that grows by every statement that reads the database."""
    seen: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    return seen


def test_the_same_question_is_looked_up_once(
    engine: Engine, choices: Choices, statements: list[str]
) -> None:
    succeeded_job(engine)
    first = asyncio.run(choices.choose(ANY))
    statements.clear()

    second = asyncio.run(choices.choose(ANY))

    assert second == first
    assert statements == []


def test_another_question_is_another_look(engine: Engine, choices: Choices) -> None:
    newest = succeeded_job(engine)
    claim = running_job(engine)
    record_epoch(engine, claim, 1)

    chosen = [
        asyncio.run(choices.choose(choice)).checkpoint.job_id
        for choice in (ANY, Choice(claim.job_id), ANY)
    ]

    assert chosen == [newest.id, claim.job_id, newest.id]


def test_any_commit_makes_it_look_again(
    engine: Engine, choices: Choices, statements: list[str]
) -> None:
    succeeded_job(engine)
    asyncio.run(choices.choose(ANY))
    submitted_job(engine)
    statements.clear()

    asyncio.run(choices.choose(ANY))

    assert statements != []


def test_all_who_ask_in_one_turn_of_the_loop_share_a_look_for_changes(
    engine: Engine, choices: Choices, monkeypatch: pytest.MonkeyPatch
) -> None:
    succeeded_job(engine)
    looks: list[int | None] = []
    number = Changes.number

    def counted(changes: Changes) -> int | None:
        looks.append(number(changes))
        return looks[-1]

    monkeypatch.setattr(Changes, "number", counted)

    async def three_at_once() -> None:
        await asyncio.gather(*(choices.choose(ANY) for _ in range(3)))

    asyncio.run(three_at_once())
    asyncio.run(three_at_once())

    assert len(looks) == 2


def test_who_asks_in_a_later_turn_sees_what_was_committed_since(
    engine: Engine, choices: Choices
) -> None:
    old = succeeded_job(engine)

    async def before_and_after() -> list[UUID | None]:
        first = await choices.choose(ANY)
        succeeded_job(engine)
        await asyncio.sleep(0)
        second = await choices.choose(ANY)
        return [first.checkpoint.job_id, second.checkpoint.job_id]

    first, second = asyncio.run(before_and_after())

    assert first == old.id != second


def test_a_refusal_is_not_remembered(engine: Engine, choices: Choices) -> None:
    with pytest.raises(NoCheckpointYet):
        asyncio.run(choices.choose(ANY))
    job = succeeded_job(engine)

    assert asyncio.run(choices.choose(ANY)).checkpoint.job_id == job.id


def test_those_who_ask_together_share_a_look(
    engine: Engine, choices: Choices, statements: list[str]
) -> None:
    job = succeeded_job(engine)
    statements.clear()

    async def ask_together() -> list[UUID | None]:
        asked = (choices.choose(ANY) for _ in range(20))
        return [found.checkpoint.job_id for found in await asyncio.gather(*asked)]

    assert set(asyncio.run(ask_together())) == {job.id}
    together = len(statements)
    statements.clear()
    asyncio.run(Choices(engine).choose(ANY))
    assert len(statements) == together


def test_a_look_from_before_a_commit_does_not_answer_after_it(
    engine: Engine, choices: Choices
) -> None:
    succeeded_job(engine)

    async def race() -> UUID:
        early = asyncio.create_task(choices.choose(ANY))
        await asyncio.sleep(0)
        newest = succeeded_job(engine)
        found = await choices.choose(ANY)
        await early
        assert found.checkpoint.job_id == newest.id
        return newest.id

    newest = asyncio.run(race())

    assert asyncio.run(choices.choose(ANY)).checkpoint.job_id == newest
