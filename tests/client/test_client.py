"""Every verb of the client, against the application itself."""

import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlalchemy import Engine

from app import jobs
from app.client import (
    Client,
    Conflict,
    Digits,
    Event,
    Invalid,
    NotFound,
    Prediction,
    RefusedPicture,
    Retries,
    StillRunning,
    UnusableFile,
)
from app.database.engine import write_session
from app.models import JobLog
from tests.conftest import FakeQueue
from tests.factories import (
    claimed_job,
    drawn_digit,
    encoded,
    finish_job,
    submitted_job,
    succeeded_job,
)
from tests.reports import a_report, reported_job

HEAVY = {"fastapi", "starlette", "torch", "sqlmodel", "sqlalchemy", "celery", "numpy"}


def test_the_client_loads_nothing_of_the_service() -> None:
    program = "import sys, app.client; print(*sys.modules)"

    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert HEAVY.isdisjoint(run.stdout.split())


def test_a_submitted_job_comes_back_with_its_spec_and_is_enqueued(
    remote: Client, queue: FakeQueue
) -> None:
    job = remote.submit({"epochs": 3}, batch_size=64)

    assert (job.status, job.spec["epochs"], job.spec["batch_size"]) == ("queued", 3, 64)
    assert queue.enqueued == [UUID(job.id)]


def test_a_job_is_shown_with_its_place_in_the_queue(remote: Client) -> None:
    job = remote.job(remote.submit(name="first").id)

    assert job.queue is not None
    assert (job.name, job.queue.position, job.is_terminal) == ("first", 1, False)


def test_what_the_service_sent_is_kept_whole(remote: Client) -> None:
    job_id = remote.submit().id

    assert remote.job(job_id).document() == remote.ask("GET", f"/jobs/{job_id}")


def test_the_list_goes_on_over_its_pages(
    remote: Client, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.client.client.PAGE", 2)
    ids = [str(submitted_job(engine).id) for _ in range(5)]

    assert [job.id for job in remote.jobs()] == ids[::-1]


def test_only_jobs_in_a_status_are_listed(remote: Client, engine: Engine) -> None:
    done = succeeded_job(engine)
    submitted_job(engine)

    assert [job.id for job in remote.jobs("succeeded")] == [str(done.id)]


def test_a_queued_job_pauses_resumes_and_is_cancelled(remote: Client) -> None:
    job_id = remote.submit().id

    verbs = (remote.pause, remote.resume, remote.cancel)

    statuses = [verb(job_id).status for verb in verbs]
    assert statuses == ["paused", "queued", "cancelled"]


def test_a_running_job_stops(remote: Client, engine: Engine) -> None:
    claim = claimed_job(engine, submitted_job(engine).id)

    assert remote.stop(str(claim.job_id)).status == "stopping"


def test_what_cannot_be_done_now_is_a_conflict(remote: Client, engine: Engine) -> None:
    job = succeeded_job(engine)

    with pytest.raises(Conflict, match="succeeded") as refusal:
        remote.pause(str(job.id))

    assert (refusal.value.status, refusal.value.code) == (409, "wrong_status")


def test_a_retry_has_the_old_spec_but_for_the_overrides(
    remote: Client, engine: Engine
) -> None:
    old = succeeded_job(engine)

    new = remote.retry(str(old.id), epochs=5)

    assert (new.retried_from, new.spec["epochs"]) == (str(old.id), 5)
    assert new.spec["seed"] == old.spec.seed


def test_a_deleted_job_is_gone(remote: Client, engine: Engine) -> None:
    job_id = str(succeeded_job(engine).id)

    remote.delete(job_id)

    with pytest.raises(NotFound, match="no job"):
        remote.job(job_id)


def test_deleting_files_keeps_the_record(remote: Client, engine: Engine) -> None:
    job_id = str(succeeded_job(engine).id)

    remote.delete(job_id, files_only=True)

    assert remote.job(job_id).status == "succeeded"
    assert remote.checkpoints(job_id) == []


def test_metrics_come_by_epoch(remote: Client, engine: Engine) -> None:
    metrics = remote.metrics(str(succeeded_job(engine, epochs=2).id))

    assert [(row.epoch, row.val_loss) for row in metrics] == [(1, 1.0), (2, 0.5)]


def test_a_line_of_the_log_may_hold_any_character(
    remote: Client, engine: Engine
) -> None:
    claim = claimed_job(engine, submitted_job(engine).id)
    said = [
        JobLog(job_id=claim.job_id, attempt=1, level="INFO", message=message)
        for message in ("one\u2028still one", "two")
    ]
    with write_session(engine) as session:
        jobs.add_log_lines(session, claim, said)

    lines = remote.logs(str(claim.job_id), after=0)

    assert [line.message for line in lines] == ["one\u2028still one", "two"]


def test_a_job_that_has_ended_is_not_waited_for(remote: Client, engine: Engine) -> None:
    job = remote.wait(str(succeeded_job(engine).id))

    assert job.test_accuracy == 0.875
    assert job.seconds is not None


def test_waiting_ends_with_the_job(url: str, engine: Engine) -> None:
    job_id = submitted_job(engine).id

    def end_it(_seconds: float) -> None:
        finish_job(engine, claimed_job(engine, job_id))

    with Client(url, retries=Retries(sleep=end_it)) as client:
        assert client.wait(str(job_id), seconds=60).status == "succeeded"


def test_waiting_may_have_an_end(remote: Client) -> None:
    job = remote.submit()

    assert job.seconds is None
    with pytest.raises(StillRunning, match=r"^The job is queued after 0 s\.$"):
        remote.wait(job.id, seconds=0)


def test_training_is_submitting_and_waiting(
    url: str, engine: Engine, queue: FakeQueue
) -> None:
    def end_it(_seconds: float) -> None:
        finish_job(engine, claimed_job(engine, queue.enqueued[0]))

    with Client(url, retries=Retries(sleep=end_it)) as client:
        job = client.train(preset="tutorial", epochs=1)

    assert (job.status, job.spec["epochs"]) == ("succeeded", 1)


def test_events_tell_the_story_and_end(remote: Client, engine: Engine) -> None:
    events = list(remote.follow(str(succeeded_job(engine).id)))

    kinds = ["queued", "running", "epoch", "succeeded"]
    assert [event.kind for event in events] == kinds
    assert [event.number for event in events] == [1, 2, 3, 4]
    assert events[2].data["val_accuracy"] == 0.75


def test_events_go_on_after_a_number(remote: Client, engine: Engine) -> None:
    events = list(remote.follow(str(succeeded_job(engine).id), after=3))

    assert [event.kind for event in events] == ["succeeded"]


def test_there_are_no_events_after_the_last(remote: Client, engine: Engine) -> None:
    events: list[Event] = list(remote.follow(str(succeeded_job(engine).id), after=4))

    assert events == []


def test_an_unknown_job_has_no_events(remote: Client) -> None:
    with pytest.raises(NotFound):
        list(remote.follow(str(uuid4())))


def test_files_are_classified_in_their_order(
    remote: Client, engine: Engine, tmp_path: Path
) -> None:
    job = succeeded_job(engine)
    (tmp_path / "b.png").write_bytes(encoded(drawn_digit()))
    named = ("a.png", encoded(drawn_digit()))

    answer = remote.predict([tmp_path / "b.png", named, str(tmp_path / "b.png")])

    assert [found.file for found in answer.data] == ["b.png", "a.png", "b.png"]
    assert answer.checkpoint.job_id == str(job.id)


def test_an_array_is_a_picture(remote: Client, engine: Engine) -> None:
    succeeded_job(engine)
    grey, colour = np.asarray(drawn_digit()), np.asarray(drawn_digit().convert("RGB"))

    first, second = remote.predict([grey, colour]).data

    assert isinstance(first, Prediction)
    assert isinstance(second, Prediction)
    assert (first.file, second.file) == ("array-0.png", "array-1.png")
    assert first.probabilities == second.probabilities


@pytest.mark.parametrize(
    "array",
    [np.zeros((28, 28)), np.zeros((28, 28, 5), np.uint8), np.zeros(28, np.uint8)],
    ids=["floats", "five colours", "a row"],
)
def test_an_array_that_is_no_picture_is_refused_here(
    remote: Client, array: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> None:
    with pytest.raises(UnusableFile, match=r"^An array "):
        remote.predict([array])


def test_a_named_job_and_epoch_answer(remote: Client, engine: Engine) -> None:
    older = succeeded_job(engine, epochs=2)
    succeeded_job(engine)

    answer = remote.predict(
        [np.asarray(drawn_digit())], job_id=str(older.id), epoch=1, explain=True
    )

    assert (answer.checkpoint.job_id, answer.checkpoint.epoch) == (str(older.id), 1)
    (found,) = answer.data
    assert isinstance(found, Prediction)
    assert found.explanation is not None
    assert found.explanation.polarity == "dark_on_light"


def test_several_digits_and_a_bad_file_have_their_own_forms(
    remote: Client, engine: Engine
) -> None:
    succeeded_job(engine)
    files = [("7.png", encoded(drawn_digit())), ("notes.txt", b"hello")]

    good, bad = remote.predict(files, segment=True).data

    assert isinstance(good, Digits)
    assert len(good.text) == len(good.digits) == 1
    assert isinstance(bad, RefusedPicture)
    assert bad.error.code == "not_an_image"


def test_a_refusal_names_each_violation_and_its_place(remote: Client) -> None:
    with pytest.raises(Invalid) as refusal:
        remote.submit(epochs=0, batch_size="many")

    assert str(refusal.value).splitlines() == [
        "The request is not valid: 2 things are wrong.",
        "  /body/epochs: Input should be greater than or equal to 1",
        "  /body/batch_size: Input should be a valid integer",
    ]
    first, _second = refusal.value.errors
    assert (first.place, first.code) == ("/body/epochs", "greater_than_equal")
    assert refusal.value.document()["errors"][0]["pointer"] == "/body/epochs"
    assert refusal.value.problem.request_id


def test_a_refusal_names_each_file(remote: Client) -> None:
    files = [("notes.txt", b"hello"), ("empty.png", b"")]

    with pytest.raises(Invalid) as refusal:
        remote.predict(files)

    assert str(refusal.value).splitlines() == [
        "Cannot classify notes.txt, empty.png.",
        "  notes.txt: The file is not a PNG, JPEG or WebP image.",
        "  empty.png: The file is empty.",
    ]


def test_a_directory_is_no_file(remote: Client, tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match=f"^Cannot read {tmp_path}: Is a directory"):
        remote.predict([tmp_path])


def test_a_report_says_where_a_network_fails(remote: Client, engine: Engine) -> None:
    report = remote.report(str(reported_job(engine, a_report()).id))

    assert report.classes[0].name == "0"
    assert len(report.confusion_matrix) == len(report.classes)
