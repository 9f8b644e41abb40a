"""`modelmill checkpoints` lists saved networks and brings them here."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import RunCommand
from tests.factories import read_weights, succeeded_job


@pytest.fixture(autouse=True)
def _here(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MODELMILL_URL", url)
    monkeypatch.chdir(tmp_path)


def test_a_row_is_a_checkpoint(run: RunCommand, engine: Engine) -> None:
    succeeded_job(engine, epochs=2)

    rows = [
        row.split() for row in run("checkpoints", "list", "last").stdout.splitlines()
    ]

    rows = [row for row in rows if "75.00%" in row]
    assert [row[1] for row in rows] == ["1", "2"]
    assert ["best" in row for row in rows] == [False, True]


def test_as_json_a_line_is_a_checkpoint(run: RunCommand, engine: Engine) -> None:
    succeeded_job(engine, epochs=2)

    lines = run("checkpoints", "list", "last", "--json").stdout.splitlines()

    assert [json.loads(line)["epoch"] for line in lines] == [1, 2]


@pytest.mark.parametrize(("epoch", "chosen"), [("best", 2), ("last", 2), ("1", 1)])
def test_a_checkpoint_is_pulled(
    run: RunCommand, engine: Engine, epoch: str, chosen: int
) -> None:
    job = succeeded_job(engine, epochs=2)

    result = run("checkpoints", "pull", "last", "--epoch", epoch)

    path = Path(result.stdout.strip())
    assert path.name == f"modelmill-{job.id}-epoch-{chosen}.safetensors"
    assert path.read_bytes() == read_weights(engine, job.id, chosen)


def test_as_json_the_file_is_a_document(run: RunCommand, engine: Engine) -> None:
    succeeded_job(engine)

    result = run("checkpoints", "pull", "last", "--to", "net.safetensors", "--json")

    document = json.loads(result.stdout)
    assert document["path"] == "net.safetensors"
    assert document["size_bytes"] == Path("net.safetensors").stat().st_size


def test_an_epoch_that_is_none_is_misuse(run: RunCommand, engine: Engine) -> None:
    succeeded_job(engine)

    result = run("checkpoints", "pull", "last", "--epoch", "1.5")

    assert result.exit_code == 2
    assert "'1.5' is no epoch" in result.stderr


def test_an_epoch_without_a_checkpoint_is_not_found(
    run: RunCommand, engine: Engine
) -> None:
    succeeded_job(engine)

    result = run("checkpoints", "pull", "last", "--epoch", 9)

    assert result.exit_code == 5
    assert "there are: 1." in result.stderr
