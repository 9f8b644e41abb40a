"""What does not arrive comes again, ever later, and not all at once."""

import random
from datetime import timedelta

from app.webhooks.schedule import JITTER, PAUSES, pause_after


def test_each_pause_is_at_least_its_own_and_a_little_more() -> None:
    chance = random.Random(7)

    for attempt, pause in enumerate(PAUSES, start=1):
        found = {pause_after(attempt, 0, chance) for _ in range(20)}

        assert len(found) == 20
        assert all(
            one and pause <= one.total_seconds() <= pause * (1 + JITTER)
            for one in found
        )


def test_after_the_last_pause_it_is_given_up() -> None:
    assert pause_after(len(PAUSES) + 1, 0, random.Random(7)) is None
    assert sum(PAUSES) > timedelta(days=3).total_seconds()


def test_a_receiver_may_ask_for_more_time_but_not_for_ever() -> None:
    chance = random.Random(7)

    assert pause_after(1, 600, chance) == timedelta(minutes=10)
    assert pause_after(1, 10**9, chance) == timedelta(days=1)
