"""`modelmill predict` shows a row for each file, and names who answered."""

from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine

from app.errors import ServiceRefused
from tests.cli.conftest import NOBODY, RunCommand
from tests.factories import drawn_digit, encoded, succeeded_job


def draw(path: Path) -> Path:
    path.write_bytes(encoded(drawn_digit()))
    return path


def test_each_file_has_a_row_in_its_order(
    url: str, run: RunCommand, engine: Engine, tmp_path: Path
) -> None:
    succeeded_job(engine)
    files = [draw(tmp_path / "b.png"), draw(tmp_path / "a.png")]

    result = run("predict", *files, "--url", url)

    assert result.exit_code == 0
    rows = [row.split() for row in result.stdout.splitlines() if ".png" in row]
    assert [row[1] for row in rows] == ["b.png", "a.png"]
    assert all(row[3].isdigit() and row[5].endswith("%") for row in rows)


def test_the_checkpoint_that_answered_is_named(
    url: str, run: RunCommand, engine: Engine, tmp_path: Path
) -> None:
    older, _newer = succeeded_job(engine, epochs=2), succeeded_job(engine)

    result = run("predict", draw(tmp_path / "a.png"), "--url", url, "--job", older.id)

    assert "epoch 2" in result.stdout


def test_a_bad_file_and_a_doubtful_one_say_why(
    url: str, run: RunCommand, engine: Engine, tmp_path: Path
) -> None:
    succeeded_job(engine)
    blank, torn = tmp_path / "blank.png", tmp_path / "torn.png"
    blank.write_bytes(encoded(Image.new("L", (50, 50), 255)))
    torn.write_bytes(encoded(drawn_digit())[:90])

    result = run("predict", blank, torn, "--url", url)

    assert "(no_ink)" in result.stdout
    assert "cannot be" in result.stdout


def test_brackets_in_a_name_are_not_markup(
    url: str, run: RunCommand, engine: Engine, tmp_path: Path
) -> None:
    succeeded_job(engine)

    result = run("predict", draw(tmp_path / "scan[b].png"), "--url", url)

    assert "scan[b].png" in result.stdout


def test_a_missing_file_is_named_before_anything_is_sent(run: RunCommand) -> None:
    with pytest.raises(
        ServiceRefused, match=r"^Cannot read nothing\.png: No such file or directory\.$"
    ):
        run("predict", "nothing.png", "--url", NOBODY)
