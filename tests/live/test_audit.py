"""The audit sees each kind of harm; else a chaos run without findings says nothing."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from tests.live.audit import Expected, Kind, audit_job
from tests.live.history import JobHistory

pytestmark = pytest.mark.live

DIGESTS = {1: "first", 2: "second"}
EPOCHS = range(1, 3)
SPEC = {"epochs": 2}
AT = "2026-08-01T12:00:00Z"


def event(number: int, kind: str, **data: object) -> dict[str, Any]:
    told = {"number": number, "kind": kind, "attempt": 1, "data": data}
    return {**told, "created_at": AT}


def sound() -> JobHistory:
    """The history of a job that ended well in one attempt."""
    return JobHistory(
        job={
            "id": "job",
            "status": "succeeded",
            "stop_reason": "completed",
            "epoch": 2,
            "spec": SPEC,
            "error": None,
        },
        events=[
            event(1, "queued"),
            event(2, "running"),
            event(3, "epoch", epoch=1),
            event(4, "epoch", epoch=2),
            event(5, "succeeded"),
        ],
        metrics=[{"epoch": n, "attempt": 1} for n in EPOCHS],
        checkpoints=[{"epoch": n} for n in EPOCHS],
        log=[{"attempt": 1, "message": "training from epoch 1", "created_at": AT}],
        digests=dict(DIGESTS),
    )


def fail(history: JobHistory) -> None:
    history.job.update(status="failed", error={"code": "worker_lost"})


def end_short(history: JobHistory) -> None:
    history.job["spec"] = {"epochs": 3}


def end_twice(history: JobHistory) -> None:
    history.events.append(event(6, "cancelled"))


def tell_after_the_end(history: JobHistory) -> None:
    history.events.append(event(6, "running"))


def skip_a_number(history: JobHistory) -> None:
    history.events[-1]["number"] = 6


def tell_an_epoch_twice(history: JobHistory) -> None:
    history.events[2]["data"]["epoch"] = 2


def lose_a_checkpoint(history: JobHistory) -> None:
    history.checkpoints.pop()


def write_after_the_fence(history: JobHistory) -> None:
    history.events[3]["attempt"] = 2


def claim_twice(history: JobHistory) -> None:
    history.events[0]["kind"] = "running"


def train_twice(history: JobHistory) -> None:
    history.log.append(history.log[0])


def change_a_weight(history: JobHistory) -> None:
    history.digests[2] = "another"


HARMS: list[tuple[Callable[[JobHistory], None], Kind]] = [
    (fail, Kind.LOST_JOB),
    (end_short, Kind.LOST_JOB),
    (end_twice, Kind.OTHER),
    (tell_after_the_end, Kind.OTHER),
    (skip_a_number, Kind.OTHER),
    (tell_an_epoch_twice, Kind.DOUBLE_EPOCH),
    (lose_a_checkpoint, Kind.OTHER),
    (write_after_the_fence, Kind.DOUBLE_EPOCH),
    (claim_twice, Kind.DOUBLE_EPOCH),
    (train_twice, Kind.DOUBLE_EPOCH),
    (change_a_weight, Kind.MISMATCHED_WEIGHTS),
]


def test_a_sound_history_gives_no_finding() -> None:
    assert list(audit_job(sound(), Expected(DIGESTS))) == []


@pytest.mark.parametrize(
    ("harm", "kind"), [pytest.param(*case, id=case[0].__name__) for case in HARMS]
)
def test_a_harm_is_found(harm: Callable[[JobHistory], None], kind: Kind) -> None:
    history = deepcopy(sound())

    harm(history)

    assert kind in {found.kind for found in audit_job(history, Expected(DIGESTS))}


def test_a_job_may_fail_as_its_fault_allows() -> None:
    history = sound()
    fail(history)

    expected = Expected(DIGESTS, frozenset({"worker_lost"}))

    assert list(audit_job(history, expected)) == []


def test_an_epoch_that_was_cut_short_may_have_other_weights() -> None:
    history = sound()
    cut = replace(history, digests={1: "cut"})
    cut.job["stop_reason"] = "stopped_by_user"

    assert list(audit_job(cut, Expected(DIGESTS))) == []
