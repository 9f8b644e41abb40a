"""The doctor holds the datasets' files against their digests."""

import zlib
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.datasets.builtin import BuiltIn
from app.doctor.datasets import examine_dataset, examine_datasets, examine_uploads
from app.doctor.finding import Verdict
from app.models import DatasetChunk
from app.settings import Settings
from tests.library.conftest import store

CONTENT = b"images"
DATASET = BuiltIn(
    title="Two files",
    class_names=("a", "b"),
    digests=dict.fromkeys(("first", "second"), sha256(CONTENT).hexdigest()),
    sources=(),
)


@pytest.fixture
def directory(settings: Settings) -> Path:
    directory = settings.datasets_dir / "two"
    directory.mkdir(parents=True)
    return directory


def test_the_original_is_in_order(settings: Settings, directory: Path) -> None:
    for name in DATASET.digests:
        (directory / name).write_bytes(CONTENT)

    assert examine_dataset("two", DATASET, settings).verdict is Verdict.OK


def test_files_of_ones_own_are_named(settings: Settings, directory: Path) -> None:
    (directory / "first").write_bytes(CONTENT)
    (directory / "second").write_bytes(b"others")

    finding = examine_dataset("two", DATASET, settings)

    assert finding.verdict is Verdict.WARNING
    assert "not the original: second." in finding.message


@pytest.mark.parametrize(
    ("may_fetch", "verdict"), [(True, Verdict.OK), (False, Verdict.WARNING)]
)
def test_what_is_missing_is_fetched_if_it_may_be(
    settings: Settings, verdict: Verdict, *, may_fetch: bool
) -> None:
    chosen = settings.model_copy(update={"fetch_datasets": may_fetch})

    findings = list(examine_datasets(chosen))

    assert {finding.verdict for finding in findings} == {verdict}
    assert len(findings) == 2


def test_uploads_that_are_what_their_digests_say_are_counted(
    engine: Engine, session: Session
) -> None:
    assert list(examine_uploads(engine)) == []
    store(session, "shapes")
    store(session, "more", train=10)

    [finding] = examine_uploads(engine)

    assert finding.verdict is Verdict.OK
    assert finding.message.startswith("2 uploaded")


@pytest.mark.parametrize("piece", [zlib.compress(b"other"), b"not even packed"])
def test_an_upload_that_was_damaged_is_named(
    engine: Engine, session: Session, piece: bytes
) -> None:
    store(session)
    chunk = session.exec(select(DatasetChunk)).first()
    assert chunk is not None
    chunk.data = piece
    session.add(chunk)
    session.commit()

    [finding] = examine_uploads(engine)

    assert finding.verdict is Verdict.FAILURE
    assert chunk.digest in finding.message
