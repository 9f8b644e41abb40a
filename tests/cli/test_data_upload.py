"""`modelmill data upload` and `data list` say what the service has."""

from pathlib import Path

import numpy as np

from tests.cli.conftest import RunCommand
from tests.factories import bars


def write_npz(path: Path, count: int) -> Path:
    images, labels = bars(count)
    np.savez(path, images=images, labels=labels)
    return path


def test_a_dataset_is_uploaded_and_listed(
    url: str, run: RunCommand, tmp_path: Path
) -> None:
    path = write_npz(tmp_path / "bars.npz", 20)

    result = run("data", "upload", path, "--name", "bars", "--url", url)

    assert result.exit_code == 0
    assert "bars@1 is ready: 10 classes, 10 images" in result.stdout
    assert "note: No test images were given" in result.stdout
    listed = run("data", "list", "--url", url).stdout
    assert "bars@1" in listed
    assert "fashion-mnist" in listed


def test_size_and_colours_may_be_chosen(
    url: str, run: RunCommand, tmp_path: Path
) -> None:
    path = write_npz(tmp_path / "bars.npz", 20)
    chosen = ("--size", "32x24", "--colour", "rgb")

    result = run("data", "upload", path, "--name", "bars", *chosen, "--url", url)

    assert "to test with, 32x24 in" in result.stdout


def test_a_dataset_of_no_use_says_why(
    url: str, run: RunCommand, tmp_path: Path
) -> None:
    path = write_npz(tmp_path / "few.npz", 4)

    result = run("data", "upload", path, "--name", "few", "--url", url)

    assert result.exit_code == 1
    assert "few@1 is of no use: There are 4 images" in result.stderr


def test_a_file_that_is_not_there_is_named(url: str, run: RunCommand) -> None:
    result = run("data", "upload", "nothing.zip", "--name", "a", "--url", url)

    assert result.exit_code == 1
    assert "Cannot read nothing.zip" in result.stderr
