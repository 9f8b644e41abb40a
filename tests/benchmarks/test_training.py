"""The training benchmark lets every contender have its turn and prints its ratios."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks import training
from benchmarks.training import ACTIVE, OURS, PLAIN, TENSORFLOW, rows_of, targets_of
from tests.factories import write_dataset

RATES = {OURS: 4000.0, PLAIN: 1600.0, "bf16": 400e9, "fp32": 100e9}
BESIDE = {ACTIVE: 4000.0, f"{OURS} beside a neighbour": 1800.0}


def test_every_promise_has_its_line() -> None:
    targets = targets_of({**RATES, **BESIDE, TENSORFLOW: 2500.0}, 1_000_000_000)

    assert {name: target.value for name, target in targets.items()} == {
        "training_vs_plain_loop": 2.5,
        "training_vs_tensorflow": 1.6,
        "training_of_bf16_peak": 0.5197,
        "training_rss_gb": 1.0,
        "neighbour_kept": 0.45,
        "passive_cost": 0.0,
    }
    assert not targets["training_vs_tensorflow"].met


def test_what_was_not_measured_has_no_line() -> None:
    assert targets_of(RATES, 1).keys() == {
        "training_vs_plain_loop",
        "training_of_bf16_peak",
        "training_rss_gb",
    }


def test_a_rate_beside_a_neighbour_shows_its_share() -> None:
    rows = dict(rows_of({**RATES, **BESIDE}))

    assert rows[OURS] == "4,000 images/s"
    assert rows[f"{OURS} beside a neighbour"] == "1,800 images/s (45%)"
    assert rows["bf16 matrix product"] == "400 GFLOP/s"


def test_all_contenders_have_their_turn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_dataset(tmp_path, train=5000 + 2 * 128)
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MODELMILL_TRAINING_THREADS", "1")
    monkeypatch.setenv(
        "OMP_NUM_THREADS", "1"
    )  # spinning threads are for quiet machines
    options = ["--neighbour", "--rounds=1", "--steps=1", "--json"]
    nowhere = f"--tensorflow-python={tmp_path / 'nowhere'}"
    monkeypatch.setattr(sys, "argv", ["training", *options, nowhere])

    training.main()

    output = capsys.readouterr()
    targets = json.loads(output.out.splitlines()[-1])["targets"]
    assert targets["training_vs_plain_loop"]["value"] > 0
    assert targets["neighbour_kept"]["value"] > 0
    assert 0 < targets["training_rss_gb"]["value"] < 4
    assert "make bench-setup" in output.err
