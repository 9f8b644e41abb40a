"""The handwriting benchmark: photos from a seed, and figures that are right."""

import json
import sys
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image

from benchmarks import handwriting
from benchmarks.photos import DEVELOPMENT, REPORTED, Conditions, opened, photo
from tests.factories import bars, fresh_weights, write_dataset


@pytest.mark.parametrize(
    "conditions", [DEVELOPMENT, REPORTED], ids=["development", "reported"]
)
def test_a_seed_always_makes_the_same_photo(conditions: Conditions) -> None:
    [digit], _labels = bars(1)

    first, again, other = (
        photo(digit, conditions, np.random.default_rng(seed)) for seed in (7, 7, 8)
    )

    assert first == again
    assert first != other
    assert opened(first).format == "JPEG"


def test_what_is_reported_shares_no_seed_with_what_was_tuned_on() -> None:
    assert handwriting.REPORTED_SEED != handwriting.DEVELOPMENT_SEED
    assert set(REPORTED.papers).isdisjoint(DEVELOPMENT.papers)
    assert set(REPORTED.inks).isdisjoint(DEVELOPMENT.inks)


@pytest.mark.parametrize(
    ("known", "unknown", "area"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1, 0.2], [0.9, 0.8], 0.0),
        ([0.5, 0.5], [0.5], 0.5),
        ([0.9, 0.3], [0.6, 0.1], 0.75),
    ],
)
def test_the_area_under_the_curve_counts_pairs_in_order(
    known: list[float], unknown: list[float], area: float
) -> None:
    assert handwriting.auroc(np.asarray(known), np.asarray(unknown)) == area


def test_no_set_counts_more_than_asked() -> None:
    pictures = [(photo_of_nothing(), label) for label in range(10)]

    assert [label for _picture, label in handwriting.some(pictures, 4)] == [0, 3, 6, 9]


def photo_of_nothing() -> Image.Image:
    return Image.new("L", (28, 28))


def test_the_benchmark_ends_with_its_targets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_dataset(tmp_path)
    weights = tmp_path / "network.safetensors"
    weights.write_bytes(fresh_weights(uuid4()))
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(tmp_path))
    arguments = ["handwriting", f"--checkpoint={weights}", "--count=4", "--json"]
    monkeypatch.setattr(sys, "argv", arguments)

    handwriting.main()

    targets = json.loads(capsys.readouterr().out.splitlines()[-1])["targets"]
    assert {"handwriting_photos", "auroc_blank", "auroc_noise"} <= set(targets)
    assert all(0 <= target["value"] <= 1 for target in targets.values())
