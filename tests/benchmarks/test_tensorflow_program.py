"""The tutorial's program trains, validates and tests, where TensorFlow is."""

from pathlib import Path

import pytest

from benchmarks.tensorflow_peer import find_tensorflow, start_program
from tests.factories import write_dataset


def test_an_interpreter_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    assert find_tensorflow(tmp_path / "python") is None


def test_a_given_interpreter_is_taken(tmp_path: Path) -> None:
    (tmp_path / "python").touch()

    assert find_tensorflow(tmp_path / "python") == tmp_path / "python"


def test_the_program_takes_steps_and_epochs(tmp_path: Path) -> None:
    python = find_tensorflow(None)
    if python is None:
        pytest.skip("needs TensorFlow: make bench-setup")
    write_dataset(tmp_path, train=5000 + 2 * 128, test=500)

    with start_program(python, tmp_path / "datasets" / "mnist") as program:
        assert program.ask("steps 2") > 0
        assert program.ask("epoch").keys() == {
            "seconds",
            "val_accuracy",
            "test_accuracy",
        }
