"""Services side by side: a round mostly waits, and two cores can wait for two."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from tests.live.faults.table import Fault
from tests.live.rounds import Round, Theatre

Turn = tuple[Fault, int]
Lane = list[Turn]
Played = dict[Turn, Future[Round]]


@contextmanager
def played_side_by_side(shows: list[tuple[Theatre, Lane]]) -> Iterator[Played]:
    """Play each lane's turns in order, in a theatre and a thread of the lane's own."""
    with ExitStack() as lanes:
        played: Played = {}
        for theatre, lane in shows:
            played |= lanes.enter_context(played_in_order(theatre, lane))
        yield played


@contextmanager
def played_in_order(theatre: Theatre, lane: Lane) -> Iterator[Played]:
    # One thread from the first process to the last: on a leash, they die with it.
    with ThreadPoolExecutor(1) as thread:
        played = {turn: thread.submit(theatre.play, *turn) for turn in lane}
        try:
            yield played
        finally:
            for unwanted in played.values():
                unwanted.cancel()
            thread.submit(theatre.close).result()
