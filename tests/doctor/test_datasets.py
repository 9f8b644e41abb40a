"""The doctor holds the datasets' files against their digests."""

from hashlib import sha256
from pathlib import Path

import pytest

from app.datasets.builtin import BuiltIn
from app.doctor.datasets import examine_dataset, examine_datasets
from app.doctor.finding import Verdict
from app.settings import Settings

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
