"""Images that occur more than once: copies, leakage, and more than one label."""

import hashlib
from collections import defaultdict

from app.dataset_report import Duplicates
from app.intake.assemble import Assembled
from app.library import Split

DIGEST_BYTES = 16
EXAMPLES = 20
EXAMPLE_FILES = 5
Place = tuple[bool, int]


def find_duplicates(assembled: Assembled) -> Duplicates:
    """Compare all images by their pixels."""
    content = assembled.content
    keys = {False: keys_of(content.train), True: keys_of(content.test)}
    learned = set(keys[False])
    return Duplicates(
        within_train=len(keys[False]) - len(learned),
        within_test=len(keys[True]) - len(set(keys[True])),
        across_splits=sum(key in learned for key in keys[True]),
        across_classes=contradictions(assembled, keys),
        examples=examples(assembled, keys),
    )


def keys_of(split: Split) -> list[bytes]:
    return [
        hashlib.blake2b(image.tobytes(), digest_size=DIGEST_BYTES).digest()
        for image in split.images
    ]


def contradictions(assembled: Assembled, keys: dict[bool, list[bytes]]) -> int:
    """Count the images of which a copy has another label."""
    labels: dict[bytes, int] = {}
    contradicted: set[bytes] = set()
    content = assembled.content
    for is_test, split in ((False, content.train), (True, content.test)):
        for key, label in zip(keys[is_test], split.labels.tolist(), strict=True):
            if labels.setdefault(key, label) != label:
                contradicted.add(key)
    return sum(key in contradicted for found in keys.values() for key in found)


def examples(assembled: Assembled, keys: dict[bool, list[bytes]]) -> list[list[str]]:
    """Name the files of some images that occur more than once."""
    counts: dict[bytes, int] = defaultdict(int)
    for found in keys.values():
        for key in found:
            counts[key] += 1
    groups: dict[bytes, list[str]] = {}
    named = {False: assembled.train_files, True: assembled.test_files}
    for is_test, found in keys.items():
        for key, file in zip(found, named[is_test], strict=True):
            if counts[key] > 1 and (key in groups or len(groups) < EXAMPLES):
                groups.setdefault(key, []).append(file)
    return [sorted(files)[:EXAMPLE_FILES] for files in groups.values()]
