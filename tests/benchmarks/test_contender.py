"""A contender answers line by line, and stands still in between."""

import sys
import time

import psutil
import pytest

from benchmarks.contender import Contender, ContenderFailed

ECHO = """
from benchmarks.contender import serve


def double(number):
    print("what a library prints")
    return 2 * number


serve({"double": double, "name": lambda: {"name": "echo"}})
"""


def python(program: str) -> Contender:
    return Contender([sys.executable, "-c", program])


def test_a_contender_answers_each_request() -> None:
    with python(ECHO) as echo:
        assert echo.ask("double 21") == 42
        assert echo.ask("name") == {"name": "echo"}


def test_a_contender_that_waits_is_stopped() -> None:
    with python(ECHO) as echo:
        echo.ask("name")

        assert settled_status(contenders()[0]) == psutil.STATUS_STOPPED


def test_a_contender_may_work_while_others_are_asked() -> None:
    with python(ECHO) as echo:
        echo.tell("double 4")

        assert echo.hear() == 8


def test_a_contender_that_ends_without_an_answer_has_failed() -> None:
    with pytest.raises(ContenderFailed, match="ended with 3"):
        python("raise SystemExit(3)")


def test_nothing_is_left_of_a_contender() -> None:
    with python(ECHO):
        pass

    assert contenders() == []


def contenders() -> list[psutil.Process]:
    """Our children that run the test's program; other tests may have others."""
    children = psutil.Process().children()
    return [child for child in children if ECHO in child.cmdline()]


def settled_status(child: psutil.Process) -> str:
    """A process stops a moment after the signal is sent."""
    deadline = time.monotonic() + 10
    while child.status() != psutil.STATUS_STOPPED and time.monotonic() < deadline:
        time.sleep(0.01)
    return str(child.status())
