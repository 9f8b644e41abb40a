"""What a dataset's report says: counts, and what is fatal or worth a warning."""

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np

from app.dataset_report import ClassCount, DatasetReport, Duplicates, Finding
from app.intake.assemble import SEED, TEST_SHARE, Assembled
from app.intake.duplicates import find_duplicates
from app.intake.gathered import Gathered
from app.library import Split

LEAST_CLASSES = 2
LEAST_IMAGES = 10
NOTABLE_IMBALANCE = 3.0
LISTED = 20
LEVELS = 256
AT_ONCE = 4096


def report_on(gathered: Gathered, assembled: Assembled) -> DatasetReport:
    content = assembled.content
    classes = count_classes(assembled)
    duplicates = find_duplicates(assembled)
    mean, std = mean_and_std(content.train)
    empty = [one.name for one in classes if one.train == 0]
    counts = [one.train for one in classes if one.train]
    report = DatasetReport(
        images=len(gathered.labels),
        classes=classes,
        sizes={
            f"{width}x{height}": count
            for (height, width), count in gathered.sizes.most_common(LISTED)
        },
        images_as=assembled.images_as,
        modes=dict(gathered.modes.most_common(LISTED)),
        duplicates=duplicates,
        unreadable_count=gathered.unreadable_count,
        unreadable=gathered.unreadable,
        empty_classes=empty,
        imbalance=max(counts) / min(counts) if counts else None,
        mean=mean,
        std=std,
        fatal=[],
        warnings=[],
    )
    return report.model_copy(
        update={
            "fatal": [*fatal_findings(report)],
            "warnings": [*warnings(report, made_test=assembled.made_test_split)],
        }
    )


def count_classes(assembled: Assembled) -> list[ClassCount]:
    content = assembled.content
    train, test = (
        Counter(split.labels.tolist()) for split in (content.train, content.test)
    )
    return [
        ClassCount(name=name, train=train[place], test=test[place])
        for place, name in enumerate(content.class_names)
    ]


def mean_and_std(split: Split) -> tuple[float | None, float | None]:
    """Return both of all pixels in 0 to 1; by counts, which take no memory."""
    counts = np.zeros(LEVELS, np.int64)
    for start in range(0, len(split), AT_ONCE):
        levels = split.images[start : start + AT_ONCE].ravel()
        counts += np.bincount(levels, minlength=LEVELS)
    total = int(counts.sum())
    if total == 0:
        return None, None
    scale = np.arange(LEVELS) / (LEVELS - 1)
    mean = float(counts @ scale) / total
    return mean, math.sqrt(float(counts @ (scale - mean) ** 2) / total)


def fatal_findings(report: DatasetReport) -> Iterator[Finding]:
    count = len(report.classes)
    if count < LEAST_CLASSES:
        message = f"There are {count} classes; {LEAST_CLASSES} are the least."
        yield Finding(code="too_few_classes", message=message)
    if report.images < LEAST_IMAGES:
        message = f"There are {report.images} images; {LEAST_IMAGES} are the least."
        yield Finding(code="too_few_images", message=message)
    if report.empty_classes:
        names = quoted(report.empty_classes)
        message = f"There is no training image of {names}."
        yield Finding(code="empty_class", message=message)


def warnings(report: DatasetReport, *, made_test: bool) -> Iterator[Finding]:
    if made_test:
        message = (
            f"No test images were given: one in {TEST_SHARE} of each class was set "
            f"aside, by seed {SEED}."
        )
        yield Finding(code="test_split_made", message=message)
    if missing := [one.name for one in report.classes if one.train and not one.test]:
        message = f"There is no test image of {quoted(missing)}."
        yield Finding(code="class_without_test_images", message=message)
    if report.unreadable_count:
        first = report.unreadable[0]
        message = (
            f"Files left out: {report.unreadable_count}, such as `{first.file}`: "
            f"{first.reason}"
        )
        yield Finding(code="unreadable_files", message=message)
    if report.imbalance is not None and report.imbalance > NOTABLE_IMBALANCE:
        message = (
            f"The largest class has {report.imbalance:.1f} times the images of the "
            "smallest."
        )
        yield Finding(code="imbalance", message=message)
    yield from copies(report.duplicates)


def copies(duplicates: Duplicates) -> Iterator[Finding]:
    within = duplicates.within_train + duplicates.within_test
    if within:
        message = f"{within} images are copies of others in their split."
        yield Finding(code="duplicates", message=message)
    if duplicates.across_splits:
        message = (
            f"{duplicates.across_splits} test images are training images too, which "
            "flatters the result."
        )
        yield Finding(code="leakage", message=message)
    if duplicates.across_classes:
        message = f"{duplicates.across_classes} images have more than one label."
        yield Finding(code="contradicting_labels", message=message)


def quoted(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:LISTED])
    return shown if len(names) <= LISTED else f"{shown} and {len(names) - LISTED} more"
