"""A time counts only if the accuracy was reached."""

import pytest

from benchmarks.time_to_accuracy import Reached, compare, reached_by

PROGRAM = Reached(seconds=180.0, test_accuracy=0.992, epoch=8)
JOB = {
    "status": "succeeded",
    "created_at": "2026-08-01T12:00:00Z",
    "finished_at": "2026-08-01T12:00:06.500000Z",
    "test_accuracy": 0.9926,
    "best_epoch": 2,
    "error": None,
}


def test_a_job_took_from_its_submit_to_its_end() -> None:
    assert reached_by(JOB) == Reached(6.5, 0.9926, 2)


def test_a_job_that_failed_ends_the_benchmark() -> None:
    with pytest.raises(SystemExit, match="ended failed: out of memory"):
        reached_by({**JOB, "status": "failed", "error": "out of memory"})


@pytest.mark.parametrize(
    ("ours", "ratio", "met"),
    [
        pytest.param(Reached(6.0, 0.9926, 2), 30, True, id="soon enough"),
        pytest.param(Reached(9.0, 0.9926, 2), 20, False, id="too late"),
        pytest.param(Reached(6.0, 0.9919, 2), 0, False, id="not accurate enough"),
    ],
)
def test_the_ratio_counts_only_with_the_accuracy(
    ours: Reached, ratio: float, met: object
) -> None:
    target = compare(ours, PROGRAM)["time_to_accuracy_vs_tensorflow"]

    assert (target.value, target.met) == (ratio, met)


def test_a_row_says_when_and_how_well() -> None:
    assert PROGRAM.row() == "180.0 s, 99.20% on test images, epoch 8"
