"""`modelmill db backup` copies the database of the service."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.database.engine import open_database
from app.errors import DatabaseRefused
from app.settings import Settings
from tests.cli.conftest import RunCommand
from tests.jobs.examples import every_row, submit


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command find the data directory of the test."""
    monkeypatch.setenv("MODELMILL_DATA_DIR", str(settings.data_dir))


def test_a_backup_is_written_and_named(
    run: RunCommand, engine: Engine, tmp_path: Path
) -> None:
    submit(engine)
    target = tmp_path / "copy.sqlite3"

    result = run("db", "backup", target)

    assert (result.exit_code, result.stdout) == (0, f"backup written to {target}\n")
    restored = open_database(f"sqlite:///{target}")
    assert every_row(restored) == every_row(engine)
    restored.dispose()


def test_a_program_reads_where_the_backup_is(
    run: RunCommand, engine: Engine, tmp_path: Path
) -> None:
    target = tmp_path / "copy.sqlite3"

    shown = json.loads(run("db", "backup", target, "--json").stdout)

    size = target.stat().st_size
    assert shown == {"object": "file", "path": str(target), "size_bytes": size}


def test_a_backup_that_cannot_be_written_is_refused(
    run: RunCommand, engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseRefused, match="Cannot write the backup"):
        run("db", "backup", tmp_path / "missing" / "copy.sqlite3")


def test_without_a_database_there_is_no_backup(run: RunCommand, tmp_path: Path) -> None:
    with pytest.raises(DatabaseRefused, match="There is no database"):
        run("db", "backup", tmp_path / "copy.sqlite3")

    assert list(tmp_path.iterdir()) == []


def test_the_command_alone_tells_what_it_offers(run: RunCommand) -> None:
    assert "backup" in run("db", "--help").stdout


def test_a_copy_names_each_table_with_its_rows(
    run: RunCommand, settings: Settings, engine: Engine, empty_postgres: str
) -> None:
    submit(engine)

    result = run("db", "copy", settings.resolved_database_url, empty_postgres)

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert any(line.startswith("job: 1 rows, digest ") for line in lines)
    assert lines[-1].startswith("copied; now start the service")
