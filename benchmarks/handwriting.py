"""Accuracy on digits from elsewhere than MNIST, before and after preprocessing.

`python -m benchmarks.handwriting [--checkpoint FILE | --job ID] [--count N] [--json]`

Without a checkpoint file or a job the best of the newest succeeded job answers, from
the database of MODELMILL_DATA_DIR. What the preprocessing was tuned on is measured
with `--development`; the reported photos have other papers, inks, ranges and seeds.
"""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app import jobs
from app.database.engine import open_database, read_session
from app.datasets.mnist import load_mnist
from app.settings import Settings
from app.vision.pixels import Pixels
from app.vision.prediction import Prediction, predictions
from app.vision.prepared import PreparedCheckpoint, prepare_checkpoint
from app.vision.reading import Mode, Reading, read_picture
from benchmarks.digit_sets import DigitSet, Labelled, digit_sets
from benchmarks.fonts import Absent
from benchmarks.non_digits import non_digits
from benchmarks.photos import DEVELOPMENT, REPORTED
from benchmarks.report import Target, at_least, print_rows, print_targets

TARGETS = {
    "photos": ("handwriting_photos", 0.985),
    "scikit-learn 8x8": ("handwriting_sklearn_digits", 0.97),
    "handwriting fonts": ("handwriting_fonts", 0.96),
}
LEAST_AUROC = 0.97
REPORTED_SEED = 20261125
DEVELOPMENT_SEED = 1
BATCH = 256
STOPPED = 1e9  # further from any score than a score can be

Scores = NDArray[np.float64]


@dataclass
class Report:
    """What was measured so far: rows for people, targets, scores of known pictures."""

    rows: list[tuple[str, str]] = field(default_factory=list)
    targets: dict[str, Target] = field(default_factory=dict)
    known: list[Scores] = field(default_factory=list)


def main() -> None:
    arguments = parsed()
    loaded = load_network(arguments.checkpoint, arguments.job)
    mnist = load_mnist(Settings().datasets_dir / "mnist")
    conditions = DEVELOPMENT if arguments.development else REPORTED
    seed = DEVELOPMENT_SEED if arguments.development else REPORTED_SEED
    count = arguments.count
    originals = [Image.fromarray(image) for image in mnist.test_images[:count]]
    report = Report(known=[certainty(loaded, list(map(read_picture, originals)))])
    report.rows.append(("digits", "resized    read   known  pictures"))
    for digits in digit_sets(mnist, conditions, seed, count):
        measure_digits(report, loaded, digits, count)
    report.rows.append(("no digits", "  AUROC taken for known  pictures"))
    for name, load in non_digits(conditions, seed, count).items():
        measure_non_digits(report, loaded, name, load)
    print_rows(report.rows)
    print_targets(report.targets, as_json=arguments.json)


def measure_digits(
    report: Report, loaded: PreparedCheckpoint, digits: DigitSet, count: int
) -> None:
    try:
        pictures, labels = zip(*some(digits.load(), count), strict=True)
    except Absent as absence:
        report.rows.append((digits.name, f"skipped: {absence}"))
        return
    truth = np.asarray(labels)
    before = accuracy(loaded, resized(pictures), truth)
    readings = [read_picture(picture) for picture in pictures]
    after = accuracy(loaded, [reading.pixels for reading in readings], truth)
    known = passed(loaded, readings)
    row = f"{before:7.2%} {after:7.2%} {known:7.1%} {len(truth):9,}"
    report.rows.append((digits.name, row))
    if digits.name in TARGETS:
        name, target = TARGETS[digits.name]
        report.targets[name] = at_least(after, target)
    if digits.name == "photos":
        report.known.append(certainty(loaded, readings))


def some(pictures: Labelled, count: int) -> Labelled:
    """Take every n-th, so that no set counts more than this many."""
    return pictures[:: -(-len(pictures) // count)]


def measure_non_digits(
    report: Report,
    loaded: PreparedCheckpoint,
    name: str,
    load: Callable[[], list[Image.Image]],
) -> None:
    try:
        readings = [read_picture(picture) for picture in load()]
    except Absent as absence:
        report.rows.append((name, f"skipped: {absence}"))
        return
    area = auroc(np.concatenate(report.known), certainty(loaded, readings))
    known = passed(loaded, readings)
    report.rows.append((name, f"{area:7.4f} {known:15.1%} {len(readings):9,}"))
    report.targets[f"auroc_{name}"] = at_least(area, LEAST_AUROC)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--checkpoint", type=Path, help="a downloaded .safetensors")
    source.add_argument("--job", type=UUID, help="a job in the database")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--development", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def load_network(checkpoint: Path | None, job_id: UUID | None) -> PreparedCheckpoint:
    if checkpoint is not None:
        return prepare_checkpoint(checkpoint.read_bytes())
    with read_session(open_database(Settings().resolved_database_url)) as session:
        best = jobs.best_checkpoint(session, job_id)
        return prepare_checkpoint(jobs.read_weights(session, best.id))


def resized(pictures: Iterable[Image.Image]) -> list[Pixels]:
    """Do what a newcomer does: grey, bright on dark, the whole squeezed to 28x28."""
    plain = [read_picture(picture, Mode.NONE).pixels for picture in pictures]
    return [255 - image if image[0, 0] > image.mean() else image for image in plain]


def found(loaded: PreparedCheckpoint, images: list[Pixels]) -> list[Prediction]:
    return [
        prediction
        for start in range(0, len(images), BATCH)
        for prediction in predictions(
            loaded.card, loaded.rows(images[start : start + BATCH])
        )
    ]


def accuracy(
    loaded: PreparedCheckpoint, images: list[Pixels], truth: NDArray[np.int64]
) -> float:
    labels = [prediction.label for prediction in found(loaded, images)]
    expected = [loaded.card.class_names[place] for place in truth]
    return float(np.mean([a == b for a, b in zip(labels, expected, strict=True)]))


def certainty(loaded: PreparedCheckpoint, readings: list[Reading]) -> Scores:
    """Rank how sure the answer is: what the gates stop comes below all else.

    By the checkpoint's score, or, where it has none, by the highest probability.
    """
    predicted = found(loaded, [reading.pixels for reading in readings])
    scores = [one.confidence if one.score is None else one.score for one in predicted]
    stopped = [reading.reason is not None for reading in readings]
    return np.where(stopped, -STOPPED, np.asarray(scores, np.float64))


def passed(loaded: PreparedCheckpoint, readings: list[Reading]) -> float:
    """Return the share that is answered with `known: true`."""
    predicted = found(loaded, [reading.pixels for reading in readings])
    known = [
        reading.reason is None and one.is_familiar
        for reading, one in zip(readings, predicted, strict=True)
    ]
    return float(np.mean(known))


def auroc(known: Scores, unknown: Scores) -> float:
    """Return how often a known picture scores above an unknown one; ties are half."""
    ordered = np.sort(unknown)
    below = np.searchsorted(ordered, known, side="left")
    not_above = np.searchsorted(ordered, known, side="right")
    return float((below + not_above).mean()) / (2 * len(unknown))


if __name__ == "__main__":
    main()
