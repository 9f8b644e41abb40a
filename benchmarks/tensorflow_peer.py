"""Where TensorFlow is, if it is here, and the tutorial's program started with it."""

import os
from pathlib import Path

from benchmarks.contender import Contender

BENCH_PYTHON = Path(".venv-bench/bin/python")
HOW_TO_GET_IT = (
    "TensorFlow is not here: run `make bench-setup`, or give --tensorflow-python"
)
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}


def find_tensorflow(given: Path | None) -> Path | None:
    """Return the interpreter to start the program with."""
    python = given or BENCH_PYTHON
    return python if python.is_file() else None


def start_program(python: Path, mnist: Path) -> Contender:
    command = [str(python), "-m", "benchmarks.tensorflow_program", str(mnist)]
    return Contender(command, {**os.environ, **QUIET})
