"""The contenders that live in our own virtual environment.

`python -m benchmarks.contenders NAME DATASETS`, started by benchmarks.training.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import torch

from app.settings import Settings
from app.spec import TrainingSpec
from benchmarks.contender import serve
from benchmarks.plain_loop import plain_steps
from worker.data import load_dataset
from worker.run import start_run
from worker.state import save_run
from worker.training import StepResult, cut_epoch, train

SPEC = TrainingSpec(preset="tutorial", epochs=1000, seed=0)
MATRIX_SIDE = 2048
MATRIX_TRIES = 5
BUSY_SIDE = 1024
KIBIBYTE = 1024


def modelmill(datasets: Path) -> dict[str, Callable[..., object]]:
    """Train as a job does: its data, its network, its loop, its threads."""
    torch.set_num_threads(Settings().training_threads or os.cpu_count() or 1)
    dataset = load_dataset(datasets, SPEC)
    run = start_run(SPEC)
    results = train(run, SPEC, dataset)
    steps = (result for result in results if isinstance(result, StepResult))

    def peak_memory() -> int:
        """Close an epoch and save it, which a job does too."""
        cut_epoch(run, SPEC, dataset)
        save_run(run)
        return highest_resident_bytes()

    return {"steps": timer(steps), "memory": peak_memory}


def plain(datasets: Path) -> dict[str, Callable[..., object]]:
    dataset = load_dataset(datasets, SPEC)
    return {"steps": timer(plain_steps(dataset.train, SPEC.batch_size))}


def matrices(_datasets: Path) -> dict[str, Callable[..., object]]:
    return {
        "bf16": lambda: matrix_product(torch.bfloat16),
        "fp32": lambda: matrix_product(torch.float32),
    }


def neighbour(_datasets: Path) -> dict[str, Callable[..., object]]:
    """Somebody else's work: two threads that multiply matrices and never answer."""

    def compute() -> None:
        torch.set_num_threads(2)
        matrix = torch.rand(BUSY_SIDE, BUSY_SIDE)
        while True:
            torch.mm(matrix, matrix)

    return {"compute": compute}


def timer(steps: Iterator[object]) -> Callable[[int], float]:
    """Return what takes some of the steps and says how many seconds they took."""

    def take(count: int) -> float:
        started = time.perf_counter()
        for _step in islice(steps, count):
            pass
        return time.perf_counter() - started

    return take


def matrix_product(dtype: torch.dtype) -> float:
    """Return the FLOP/s of a large square product, the best of several."""
    matrix = torch.rand(MATRIX_SIDE, MATRIX_SIDE).to(dtype)
    rates: list[float] = []
    for _try in range(MATRIX_TRIES):
        started = time.perf_counter()
        torch.mm(matrix, matrix)
        rates.append(2 * MATRIX_SIDE**3 / (time.perf_counter() - started))
    return max(rates)


def highest_resident_bytes() -> int:
    """Read this program's peak; that of getrusage begins with its parent's."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * KIBIBYTE
    raise OSError("this kernel does not tell a process's peak memory")


CONTENDERS = {
    "modelmill": modelmill,
    "plain": plain,
    "matrices": matrices,
    "neighbour": neighbour,
}


def main() -> None:
    serve(CONTENDERS[sys.argv[1]](Path(sys.argv[2])))


if __name__ == "__main__":
    main()
