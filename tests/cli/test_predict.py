"""`modelmill predict` shows a row for each file, and names who answered."""

import json
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine

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

    assert f"by epoch 2 of job {older.id}" in result.stdout


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
    result = run("predict", "nothing.png", "--url", NOBODY)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "modelmill: Cannot read nothing.png: No such file or directory.\n"
    )


def test_several_digits_are_read_as_a_text(
    url: str, run: RunCommand, engine: Engine, tmp_path: Path
) -> None:
    succeeded_job(engine)
    blank = tmp_path / "blank.png"
    blank.write_bytes(encoded(Image.new("L", (50, 50), 255)))

    result = run("predict", draw(tmp_path / "a.png"), blank, "--segment", "--url", url)

    full, empty = (row.split() for row in result.stdout.splitlines() if ".png" in row)
    assert full[3].isdigit()
    assert full[5:7] == [full[5], "least"] or full[6] == "at"
    assert empty[3] == "-"


@pytest.mark.parametrize("segment", [[], ["--segment"]], ids=["one", "several"])
def test_what_the_network_saw_is_drawn(
    url: str, run: RunCommand, engine: Engine, tmp_path: Path, segment: list[str]
) -> None:
    succeeded_job(engine)
    file = draw(tmp_path / "a.png")

    result = run("predict", file, "--explain", *segment, "--url", url)

    drawn = [line for line in result.stdout.splitlines() if set(line) <= set("·░▒▓█")]
    assert [len(line) for line in drawn] == [28] * 14
    assert any("█" in line for line in drawn)
    assert "a.png: " in result.stdout
    assert "dark on light, ink on " in result.stdout


def test_as_json_the_answer_is_one_document(
    url: str, run: RunCommand, engine: Engine, tmp_path: Path
) -> None:
    job = succeeded_job(engine, epochs=2)
    options = ["--job", "last", "--epoch", "1", "--preprocess", "mnist", "--json"]

    result = run("predict", draw(tmp_path / "a.png"), *options, "--url", url)

    answer = json.loads(result.stdout)
    assert answer["checkpoint"]["epoch"] == 1
    assert answer["checkpoint"]["job_id"] == str(job.id)
    assert sum(answer["data"][0]["probabilities"].values()) == pytest.approx(1)
