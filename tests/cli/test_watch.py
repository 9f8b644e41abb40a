"""A job in the terminal: a bar where somebody looks, lines where nobody does."""

from io import StringIO

import pytest
from rich.console import Console

from app.cli.watch import describe, watch
from app.client import Json

PROGRESS = {
    "epoch": 2,
    "epochs": 10,
    "step": 12,
    "steps": 429,
    "fraction": 0.1,
    "train_loss": 0.51234,
    "train_accuracy": 0.875,
    "images_per_second": 12345.6,
    "seconds_left": 83.2,
}
STANDING = (
    "epoch 2/10  step 12/429  loss 0.5123  accuracy 87.50%  12,346 images/s  1:23 left"
)
QUEUED: Json = {"status": "queued", "is_terminal": False, "progress": None}
STARTING: Json = QUEUED | {"status": "running"}
RUNNING: Json = STARTING | {"progress": PROGRESS}
DIVERGED: Json = RUNNING | {"progress": PROGRESS | {"train_loss": None}}
PUT_BACK: Json = RUNNING | {"status": "queued"}
SUCCEEDED: Json = RUNNING | {
    "status": "succeeded",
    "is_terminal": True,
    "test_accuracy": 0.9912,
    "best_epoch": 7,
}
FAILED: Json = RUNNING | {
    "status": "failed",
    "is_terminal": True,
    "error": {"message": "Cannot read [/data].", "hint": "Fetch it."},
}


@pytest.mark.parametrize(
    ("job", "line"),
    [
        pytest.param(QUEUED, "waiting for a worker", id="queued"),
        pytest.param(PUT_BACK, "waiting for a worker", id="put back"),
        pytest.param(STARTING, "starting", id="starting"),
        pytest.param(RUNNING, STANDING, id="running"),
        pytest.param(
            DIVERGED, STANDING.replace("0.5123", "not finite"), id="loss not finite"
        ),
        pytest.param(
            SUCCEEDED, "succeeded: test accuracy 99.12% (best epoch 7)", id="succeeded"
        ),
        *(
            pytest.param(RUNNING | {"status": status}, status, id=status)
            for status in ("pausing", "paused", "stopping", "cancelling", "cancelled")
        ),
        pytest.param(FAILED, "failed: Cannot read [/data]. Fetch it.", id="failed"),
    ],
)
def test_a_job_is_told_in_one_line(job: Json, line: str) -> None:
    assert describe(job) == line


def test_watching_returns_the_last_state() -> None:
    assert watch(Console(file=StringIO()), [QUEUED, FAILED]) == FAILED


def test_without_a_terminal_the_first_state_and_the_last_are_lines() -> None:
    output = StringIO()

    watch(Console(file=output), [RUNNING, RUNNING, RUNNING, SUCCEEDED])

    assert output.getvalue().splitlines() == [STANDING, describe(SUCCEEDED)]


def test_an_end_seen_at_once_is_told_once() -> None:
    output = StringIO()

    watch(Console(file=output), [SUCCEEDED])

    assert output.getvalue() == f"{describe(SUCCEEDED)}\n"


def test_brackets_in_an_error_are_not_markup() -> None:
    output = StringIO()

    watch(Console(file=output), [FAILED])

    assert output.getvalue() == "failed: Cannot read [/data]. Fetch it.\n"


def test_on_a_terminal_a_bar_moves_to_the_end() -> None:
    output = StringIO()

    watch(
        Console(file=output, force_terminal=True, width=120),
        [QUEUED, RUNNING, SUCCEEDED],
    )

    assert "\r" in output.getvalue()
    assert "100 %  succeeded" in output.getvalue()


def test_on_a_terminal_only_the_end_is_a_line() -> None:
    output = StringIO()

    watch(Console(file=output, force_terminal=True, width=120), [QUEUED, SUCCEEDED])

    assert output.getvalue().count("\n") == 2  # the bar's own, and the end


def test_on_a_terminal_a_failed_job_leaves_the_bar_where_it_was() -> None:
    output = StringIO()

    watch(Console(file=output, force_terminal=True, width=120), [RUNNING, FAILED])

    assert " 10 %  failed: Cannot read [/data]." in output.getvalue()
    assert "100 %" not in output.getvalue()
