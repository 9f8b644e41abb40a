"""Work in the background ends with its block."""

from threading import Event

import pytest

from app.background import in_background

PATIENCE_SECONDS = 60.0


def test_the_work_has_ended_when_the_block_has() -> None:
    begun, stop, ended = Event(), Event(), Event()

    def work() -> None:
        begun.set()
        assert stop.wait(PATIENCE_SECONDS)
        ended.set()

    with in_background("test", work, stop.set):
        assert begun.wait(PATIENCE_SECONDS)
        assert not ended.is_set()

    assert ended.is_set()


def test_the_work_is_told_to_stop_by_a_block_that_fails() -> None:
    stop = Event()

    with pytest.raises(RuntimeError), in_background("test", stop.wait, stop.set):
        raise RuntimeError

    assert stop.is_set()


def test_work_that_does_not_end_is_left_behind() -> None:
    stop, end = Event(), Event()

    with in_background("test", end.wait, stop.set, patience_seconds=0.01):
        pass

    assert stop.is_set()
    end.set()
