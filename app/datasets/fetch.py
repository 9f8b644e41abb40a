"""Fetching a dataset: from the first source that works, and only with its digests."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from app.datasets.builtin import BuiltIn
from app.datasets.files import remove_partial_files, unpack, write_file
from app.datasets.reporter import Reporter
from app.errors import DatasetUnavailable


def fetch_if_missing(dataset: BuiltIn, directory: Path, reporter: Reporter) -> None:
    """Fetch a dataset unless its files are there, whatever they hold.

    A user may have replaced them by smaller ones.
    """
    if not all((directory / name).is_file() for name in dataset.digests):
        fetch_dataset(dataset, directory, reporter)


def fetch_dataset(dataset: BuiltIn, directory: Path, reporter: Reporter) -> None:
    """Put the four raw files into the directory; what is there already stays."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        missing = {
            name: digest
            for name, digest in dataset.digests.items()
            if not _is_there(directory / name, digest, reporter)
        }
        if missing:
            remove_partial_files(directory)
            _fetch_missing(dataset, directory, reporter, missing)
    except OSError as error:
        raise DatasetUnavailable(f"{directory} cannot be used: {error}") from error


def _is_there(path: Path, digest: str, reporter: Reporter) -> bool:
    """Say whether the file is there, taking over what a user put beside it."""
    for candidate in _candidates(path):
        content = candidate.read_bytes()
        try:
            raw = _verify(unpack(content, candidate.name), digest, candidate.name)
        except DatasetUnavailable as error:
            refused = candidate.replace(
                candidate.with_name(f"{candidate.name}.refused")
            )
            reporter.say(f"{error}; moved to {refused}")
            continue
        if candidate != path or raw is not content:
            write_file(path, raw)
        return True
    return False


def _candidates(path: Path) -> Iterator[Path]:
    """Find the file, also gzipped or under the dotted name of some archives."""
    dotted = path.with_name(path.name.replace("-idx", ".idx"))
    for stem in (path, dotted):
        for candidate in (stem, stem.with_name(f"{stem.name}.gz")):
            if candidate.is_file():
                yield candidate


def _verify(raw: bytes, digest: str, name: str) -> bytes:
    if sha256(raw).hexdigest() != digest:
        raise DatasetUnavailable(f"{name} is not the original: wrong SHA-256")
    return raw


def _fetch_missing(
    dataset: BuiltIn, directory: Path, reporter: Reporter, missing: dict[str, str]
) -> None:
    """Ask one source after the other; each gets only what is still missing."""
    reasons = [f"{directory}: does not have all four files"]
    for source in dataset.sources:
        try:
            for name, raw in source.deliver(tuple(missing), reporter):
                write_file(directory / name, _verify(raw, missing[name], name))
                del missing[name]
        except (DatasetUnavailable, OSError) as error:
            reporter.say(f"{source.name} failed: {error}")
            reasons.append(f"{source.name}: {error}")
        if not missing:
            return
    raise DatasetUnavailable(
        f"{dataset.title} could not be fetched ({'; '.join(reasons)}). "
        f"Put {', '.join(missing)} into {directory}, raw or as .gz, and try again"
    )
