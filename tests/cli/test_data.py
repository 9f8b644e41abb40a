"""`modelmill data fetch` says in one line how it went."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.data import app, make_app
from app.datasets.reporter import Reporter


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


def make_directory(directory: Path, _reporter: Reporter) -> None:
    directory.mkdir(parents=True)


def test_a_dataset_is_fetched_into_its_own_directory(data_dir: Path) -> None:
    result = CliRunner().invoke(make_app({"tiny": make_directory}), ["fetch", "tiny"])

    assert result.exit_code == 0
    assert result.stdout == f"tiny is ready in {data_dir / 'datasets' / 'tiny'}\n"
    assert (data_dir / "datasets" / "tiny").is_dir()


def test_a_failed_fetch_is_one_line_on_stderr(data_dir: Path) -> None:
    data_dir.write_bytes(b"a file where the directory should be")

    result = CliRunner().invoke(app, ["fetch", "mnist"])

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"{data_dir / 'datasets' / 'mnist'} cannot be used")
    assert result.stderr.count("\n") == 1


def test_an_unknown_dataset_is_answered_with_the_known_ones(data_dir: Path) -> None:
    result = CliRunner().invoke(app, ["fetch", "cifar"])

    assert result.exit_code == 2
    assert (
        result.stderr == "There is no dataset 'cifar'; there is: mnist, fashion-mnist\n"
    )


def test_a_program_reads_how_it_went(data_dir: Path) -> None:
    tiny = make_app({"tiny": make_directory})

    made = CliRunner().invoke(tiny, ["fetch", "tiny", "--json"])
    refused = CliRunner().invoke(tiny, ["fetch", "cifar", "--json"])

    path = str(data_dir / "datasets" / "tiny")
    assert json.loads(made.stdout) == {
        "object": "dataset",
        "name": "tiny",
        "path": path,
    }
    assert json.loads(refused.stderr)["code"] == "misused"


def test_the_help_names_the_datasets() -> None:
    result = CliRunner().invoke(app, ["fetch", "--help"])

    assert result.exit_code == 0
    assert "mnist" in result.stdout
