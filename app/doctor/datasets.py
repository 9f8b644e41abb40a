"""The datasets, here as files and in the database, against their digests."""

import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import col, select

from app import library
from app.database.engine import read_session
from app.datasets.builtin import BUILT_IN, BuiltIn
from app.doctor.finding import Finding, failure, ok, warning
from app.errors import DatasetUnavailable
from app.models import DatasetContent
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


def examine_uploads(engine: Engine) -> Iterator[Finding]:
    """Read every uploaded dataset as a job would, one at a time."""
    with read_session(engine) as session:
        order = col(DatasetContent.digest)
        digests = session.exec(select(DatasetContent.digest).order_by(order)).all()
    damaged = [reason for digest in digests if (reason := damage(engine, digest))]
    for reason in damaged:
        yield failure(
            DATASETS,
            reason,
            "Restore a backup, or delete its versions and upload it again.",
        )
    if digests and not damaged:
        yield ok(DATASETS, f"{len(digests)} uploaded: as their digests say.")


def damage(engine: Engine, digest: str) -> str | None:
    try:
        with read_session(engine) as session:
            library.read_content(session, digest)
    except DatasetUnavailable as error:
        return str(error)
    except zlib.error:
        return f"The dataset with digest {digest} cannot be unpacked."
    return None
