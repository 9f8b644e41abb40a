"""Which of the files sent are weights, and which says what they mean."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from app.archives import Limits, is_archive, read_archive
from app.errors import ArchiveRefused, UploadRefused

MEBIBYTE = 2**20
LIMITS = Limits(
    entries=16, entry_bytes=128 * MEBIBYTE, total_bytes=160 * MEBIBYTE, ratio=200
)
WEIGHTS, CARD = ".safetensors", ".json"
# They lie beside the card in our own export, and say nothing that it does not.
PASSED_OVER = frozenset({"architecture.json", "metrics.json", "predict.py"})
PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin", ".joblib")
PICKLE_START, NEWEST_PROTOCOL = 0x80, 5
JSON_STARTS_AT = 8  # of safetensors, whose first bytes may be those of a pickle

PICKLED = (
    "is a pickle, which runs code when it is read; save the weights as safetensors"
)
OTHER_EXPORT = "is not read here; export with `format=safetensors`"
UNKNOWN = "is neither weights (.safetensors) nor their card (.json)"


@dataclass(frozen=True)
class Files:
    """The bytes of the weights, and of the JSON beside them if there is one."""

    weights: bytes
    card: bytes | None


def read_files(staged: Iterable[tuple[str, Path]]) -> Files:
    """Take the weights and their card from files, or from a zip with both.

    Raises:
        ArchiveRefused: An entry of the zip is not what an export has.
        UploadRefused: A file is a pickle or unknown, or there are no weights.
    """
    found: dict[str, bytes] = {}
    for name, data in contents(staged):
        kind = suffix_of(name)
        if kind in found:
            raise UploadRefused(f"There is more than one {kind} file; send one.")
        found[kind] = data
    if WEIGHTS not in found:
        raise UploadRefused("There is no .safetensors file in what was sent.")
    return Files(found[WEIGHTS], found.get(CARD))


def contents(staged: Iterable[tuple[str, Path]]) -> Iterator[tuple[str, bytes]]:
    """Yield every file that says something; of a zip, those in it."""
    for name, path in staged:
        if suffix_of(name) not in PICKLES and is_archive(path):
            yield from entries_of(path)
            continue
        data = path.read_bytes()
        reason = reason_against(name, data)
        if reason is not None:
            shown = name.encode("ascii", "backslashreplace").decode()
            raise UploadRefused(f"The file `{shown}` {reason}.")
        yield name, data


def entries_of(path: Path) -> Iterator[tuple[str, bytes]]:
    for entry in read_archive(path, LIMITS):
        if entry.data is None or PurePosixPath(entry.name).name in PASSED_OVER:
            continue
        reason = reason_against(entry.name, entry.data)
        if reason is not None:
            raise ArchiveRefused(entry.name, reason)
        yield entry.name, entry.data


def reason_against(name: str, data: bytes) -> str | None:
    suffix = suffix_of(name)
    if suffix in PICKLES or is_pickle(data):
        return PICKLED
    if suffix in (".onnx", ".pt2"):
        return OTHER_EXPORT
    return None if suffix in (WEIGHTS, CARD) else UNKNOWN


def is_pickle(data: bytes) -> bool:
    """Say whether it begins as a pickle does, under whatever name."""
    begins = len(data) > 1 and data[0] == PICKLE_START and data[1] <= NEWEST_PROTOCOL
    return begins and data[JSON_STARTS_AT : JSON_STARTS_AT + 1] != b"{"


def suffix_of(name: str) -> str:
    return PurePosixPath(name.lower()).suffix
