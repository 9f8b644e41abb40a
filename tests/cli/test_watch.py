"""A job followed in the terminal: a live view where somebody looks, else lines."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import typer
from rich.console import Console
from sqlalchemy import Engine

from app.cli.live import LiveView
from app.cli.remote import Terminal
from app.cli.story import Story
from app.cli.summary import summary
from app.cli.watch import follow, watch
from app.cli.words import ago, describe, describe_end, span
from app.client import Client, Event, Job
from tests.client.jobs import QUEUED
from tests.factories import succeeded_job

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
METRICS = {
    "epoch": 1,
    "train_loss": 1.0,
    "train_accuracy": 0.5,
    "val_loss": 0.75,
    "val_accuracy": 0.8,
    "seconds": 6.14,
    "images_per_second": 1.0,
}
STANDING = (
    "epoch 2/10  step 12/429  loss 0.5123  accuracy 87.50%  12,346 images/s  1:23 left"
)
FINISHED = (
    "epoch 1/10 done  loss 1.0000  accuracy 50.00%  validation loss 0.7500  "
    "accuracy 80.00%  6.1 s"
)
SPEC = {"preset": "fast", "dataset": "mnist", "seed": 7, "epochs": 10}
ENDED = {
    "status": "succeeded",
    "is_terminal": True,
    "stop_reason": "completed",
    "best_epoch": 7,
    "test_accuracy": 0.9912,
}
FAILED = {
    "status": "failed",
    "is_terminal": True,
    "error": {"code": "oops", "message": "Cannot read [/data].", "hint": "Fetch it."},
}


def job_of(**values: Any) -> Job:
    return Job.model_validate(QUEUED | {"spec": SPEC} | values)


def event_of(kind: str, **data: Any) -> Event:
    return Event(kind=kind, data=data)


def told(*events: Event) -> Story:
    story = Story(job_of())
    for event in events:
        story.tell(event)
    return story


RUNNING = event_of("running")
MOVING = event_of("progress", **PROGRESS)
EPOCH = event_of("epoch", **METRICS)
SUCCEEDED = event_of("succeeded")
NOT_FINITE = event_of("progress", **PROGRESS | {"train_loss": None})


@pytest.mark.parametrize(
    ("events", "line"),
    [
        pytest.param([], "waiting for a worker", id="queued"),
        pytest.param([RUNNING], "starting", id="starting"),
        pytest.param([RUNNING, MOVING], STANDING, id="running"),
        pytest.param(
            [RUNNING, NOT_FINITE],
            STANDING.replace("0.5123", "not finite"),
            id="loss not finite",
        ),
        pytest.param(
            [RUNNING, MOVING, event_of("queued")], "waiting for a worker", id="put back"
        ),
        *(
            pytest.param([RUNNING, event_of(status)], status, id=status)
            for status in ("pausing", "paused", "stopping", "cancelling", "cancelled")
        ),
    ],
)
def test_a_job_is_told_in_one_line(events: list[Event], line: str) -> None:
    assert describe(told(*events)) == line


@pytest.mark.parametrize(
    ("values", "line"),
    [
        pytest.param(
            ENDED, "succeeded: test accuracy 99.12% (best epoch 7)", id="succeeded"
        ),
        pytest.param(FAILED, "failed: Cannot read [/data]. Fetch it.", id="failed"),
        pytest.param({"status": "cancelled"}, "cancelled", id="cancelled"),
    ],
)
def test_an_end_is_told_in_one_line(values: dict[str, Any], line: str) -> None:
    assert describe_end(job_of(**values)) == line


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "-"), (0.25, "0.2 s"), (7.0, "7 s"), (90, "1.5 min"), (7200, "2 h")],
)
def test_a_time_is_told_in_its_largest_unit(seconds: float | None, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("hour", "words"), [(8, "now"), (9, "2 min ago"), (10, "1 h ago"), (11, "2 h ago")]
)
def test_a_moment_is_told_by_how_long_ago_it_was(hour: int, words: str) -> None:
    """Also where the clock of the service is ahead of ours."""
    moment = job_of().created_at

    assert ago(moment, moment.replace(hour=hour, minute=32, second=59)) == words


def drawn(story: Story, width: int = 90) -> str:
    console = Console(file=StringIO(), force_terminal=True, width=width)
    with console.capture() as capture:
        console.print(LiveView(story))
    return capture.get()


def test_a_waiting_job_has_no_curves_yet() -> None:
    picture = drawn(told())

    assert "waiting for a worker" in picture
    assert "loss" not in picture


def test_the_view_has_bars_an_estimate_and_curves() -> None:
    picture = drawn(told(RUNNING, MOVING, EPOCH, MOVING))

    for words in ("7c9e6679: fast on mnist", "10%, 1:23 left", "epoch 2/10"):
        assert words in picture
    for words in ("12,346 images/s", "0.5123", "▁█▁", "80.00%"):
        assert words in picture


def test_a_job_with_a_name_is_called_by_it() -> None:
    assert "7c9e6679 [mine]: fast" in drawn(Story(job_of(name="[mine]")))


def test_a_loss_that_is_not_finite_leaves_a_gap() -> None:
    picture = drawn(told(RUNNING, MOVING, NOT_FINITE))

    assert "not finite" in picture


def test_what_succeeded_is_whole() -> None:
    assert told(RUNNING, MOVING, SUCCEEDED).fraction == 1.0
    assert told(RUNNING, EPOCH).fraction == 0.1


def printed(*events: Event, **options: Any) -> str:
    output = StringIO()
    console = Console(file=output, width=120, **options)
    watch(Terminal(console, as_json=False, client=Client()), job_of(), events)
    return output.getvalue()


def test_without_a_terminal_each_epoch_is_a_line() -> None:
    lines = printed(RUNNING, MOVING, EPOCH, MOVING, EPOCH, SUCCEEDED).splitlines()

    assert lines == ["starting", FINISHED, FINISHED]


def test_without_a_terminal_progress_is_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.cli.watch.LINE_EVERY_SECONDS", 0)

    assert printed(RUNNING, MOVING).splitlines() == ["starting", STANDING]


def test_on_a_terminal_the_view_moves() -> None:
    output = printed(RUNNING, MOVING, EPOCH, SUCCEEDED, force_terminal=True)

    assert "\x1b[" in output
    assert "validation loss" in output


def shown(job: Job) -> str:
    console = Console(file=StringIO(), width=60)
    with console.capture() as capture:
        console.print(summary(job), markup=False)
    return capture.get()


def test_the_summary_says_what_came_of_it_and_what_to_do_next() -> None:
    lines = [line.rstrip() for line in shown(job_of(**ENDED, epoch=8)).splitlines()]

    assert lines == [
        "succeeded: test accuracy 99.12% (best epoch 7)",
        "  epochs  8 of 10",
        "  ended   completed",
        "  modelmill predict FILE… --job 7c9e6679",
        "  modelmill checkpoints pull 7c9e6679",
    ]


def test_after_a_failure_there_is_nothing_to_pull() -> None:
    text = shown(job_of(**FAILED))

    assert text.startswith("failed: Cannot read [/data]. Fetch it.\n")
    assert "pull" not in text


def test_who_leaves_is_told_that_the_job_goes_on(
    url: str, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    class Impatient(Client):
        def follow(self, job_id: str, *, after: int = 0) -> Iterator[Event]:
            yield next(super().follow(job_id, after=after))
            raise KeyboardInterrupt

    job_id = str(succeeded_job(engine).id)
    with Impatient(url) as client:
        terminal = Terminal(Console(file=StringIO()), as_json=True, client=client)
        with pytest.raises(typer.Exit) as left:
            follow(terminal, client.job(job_id))

    assert left.value.exit_code == 130
    said = capsys.readouterr()
    assert f"`modelmill jobs follow {job_id[:8]}` shows it again" in said.err
    assert [json.loads(line)["object"] for line in said.out.splitlines()] == [
        "job",
        "event",
    ]
