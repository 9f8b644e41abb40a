"""The built-in datasets' files on this machine, against their digests."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from app.datasets.builtin import BUILT_IN, BuiltIn
from app.doctor.finding import Finding, ok, warning
from app.settings import Settings

DATASETS = "datasets"


def examine_datasets(settings: Settings) -> Iterator[Finding]:
    for name, dataset in BUILT_IN.items():
        yield examine_dataset(name, dataset, settings)


def examine_dataset(name: str, dataset: BuiltIn, settings: Settings) -> Finding:
    directory = settings.datasets_dir / name
    states = {
        file: state(directory / file, digest)
        for file, digest in dataset.digests.items()
    }
    if set(states.values()) == {True}:
        return ok(DATASETS, f"{name} is there, and is the original.")
    if set(states.values()) <= {None, True}:
        if settings.fetch_datasets:
            return ok(DATASETS, f"{name} is not there; the first job fetches it.")
        return warning(
            DATASETS,
            f"{name} is not there, and jobs may not fetch it.",
            f"Run `modelmill data fetch {name}`.",
        )
    others = ", ".join(file for file, is_original in states.items() if not is_original)
    return warning(
        DATASETS,
        f"{name} is not the original: {others}. Jobs take it as it is.",
        f"If they are not yours, delete them and run `modelmill data fetch {name}`.",
    )


def state(path: Path, digest: str) -> bool | None:
    """Say whether a file is the original; None if it is not there."""
    if not path.is_file():
        return None
    return sha256(path.read_bytes()).hexdigest() == digest
