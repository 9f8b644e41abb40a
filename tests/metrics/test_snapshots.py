"""What all processes count is one sum, which never falls while they come and go."""

import json
from pathlib import Path

import pytest

from app.metrics import snapshots as module
from app.metrics.requests import BOUNDS, RequestCounts, RequestKind
from app.metrics.snapshots import PredictorCounts, Snapshot, Snapshots

KIND = RequestKind("GET", "/jobs", "2xx")


def counted(requests: int, **predictor: int) -> Snapshot:
    counts = RequestCounts()
    for _request in range(requests):
        counts.add(KIND, 0.004)
    return Snapshot(counts.rows, PredictorCounts(**predictor))


def requests(snapshot: Snapshot) -> float:
    return sum(snapshot.requests[KIND][:-1])


def test_a_request_is_counted_in_the_bucket_of_its_time() -> None:
    counts = RequestCounts()

    for seconds in (0.0, BOUNDS[0], BOUNDS[-1] + 1):
        counts.add(KIND, seconds)

    row = counts.rows[KIND]
    assert (row[0], row[len(BOUNDS)]) == (2, 1)
    assert row[-1] == BOUNDS[0] + BOUNDS[-1] + 1


def test_processes_are_added_up(tmp_path: Path) -> None:
    first, second = Snapshots(tmp_path), Snapshots(tmp_path)
    first.publish(counted(2, entries=1, size_bytes=10, hits=5))

    total = second.total(counted(3, entries=2, size_bytes=20, misses=1))

    assert requests(total) == 5
    assert total.predictor == PredictorCounts(3, 30, 5, 1)


def test_a_process_that_ended_is_counted_but_keeps_nothing(tmp_path: Path) -> None:
    first, second = Snapshots(tmp_path), Snapshots(tmp_path)
    first.publish(Snapshot())
    second.publish(counted(2, entries=1, size_bytes=10, hits=5))
    second.close()

    total = first.total(counted(1))

    assert requests(total) == 3
    assert total.predictor == PredictorCounts(hits=5)


def test_the_next_process_goes_on_where_one_ended(tmp_path: Path) -> None:
    first = Snapshots(tmp_path)
    first.publish(counted(2))
    first.close()

    total = Snapshots(tmp_path).total(counted(1))

    assert requests(total) == 3
    assert [path.name for path in tmp_path.glob("*.json")] == ["0.json"]


def test_what_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    first = Snapshots(tmp_path)
    first.publish(counted(1))
    before = (tmp_path / "0.json").stat().st_ino

    first.publish(counted(1))

    assert (tmp_path / "0.json").stat().st_ino == before


@pytest.mark.parametrize(
    "content", ["", "[]", '{"requests": [["GET", "/", "2xx", [1.0]]]}', "{"]
)
def test_a_file_of_another_release_counts_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "0.json").write_text(content)

    assert requests(Snapshots(tmp_path).total(counted(1))) == 1


def test_rows_with_other_buckets_count_nothing(tmp_path: Path) -> None:
    snapshot = {"requests": [[*KIND, [1.0]]], "predictor": {"hits": 2}}
    (tmp_path / "7.json").write_text(json.dumps(snapshot))

    total = Snapshots(tmp_path).total(counted(1))

    assert (requests(total), total.predictor.hits) == (1, 2)


def test_without_a_place_to_write_the_numbers_are_ones_own(tmp_path: Path) -> None:
    total = Snapshots(tmp_path / "no" / "such").total(counted(1))

    assert requests(total) == 1


def test_when_every_place_is_taken_the_numbers_are_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PROCESSES", 1)
    first, second = Snapshots(tmp_path), Snapshots(tmp_path)
    first.publish(counted(1))

    assert requests(second.total(counted(1))) == 1
