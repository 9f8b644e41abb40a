"""Images per second of our loop against a plain PyTorch loop, interleaved.

`python -m benchmarks.training [--rounds N] [--steps N] [--json]`
"""

import argparse
import time
from collections.abc import Iterator
from itertools import islice
from statistics import median

import torch

from app.settings import Settings
from app.spec import TrainingSpec
from benchmarks.plain_loop import plain_steps
from benchmarks.report import at_least, print_rows, print_targets
from worker.data import load_dataset
from worker.training import StepResult, start_run, train

NOT_SLOWER = 1.0


def images_per_second(steps: Iterator[object], count: int, batch_size: int) -> float:
    started = time.perf_counter()
    for _step in islice(steps, count):
        pass
    return count * batch_size / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    spec = TrainingSpec(epochs=1000, seed=0)
    dataset = load_dataset(Settings().datasets_dir, spec)
    ours = train(start_run(spec), spec, dataset)
    loops: dict[str, Iterator[object]] = {
        "modelmill": (step for step in ours if isinstance(step, StepResult)),
        "plain PyTorch loop": plain_steps(dataset.train, spec.batch_size),
    }
    rates: dict[str, list[float]] = {name: [] for name in loops}
    for round_number in range(arguments.rounds + 1):
        for name, steps in loops.items():
            rate = images_per_second(steps, arguments.steps, spec.batch_size)
            if round_number > 0:  # the first warms up
                rates[name].append(rate)

    middle = {name: median(measured) for name, measured in rates.items()}
    threads = torch.get_num_threads()
    print(f"tutorial network, batch {spec.batch_size}, {threads} threads")
    print_rows([(name, f"{rate:,.0f} images/s") for name, rate in middle.items()])
    ratio = middle["modelmill"] / middle["plain PyTorch loop"]
    targets = {"training_vs_plain_loop": at_least(ratio, NOT_SLOWER)}
    print_targets(targets, as_json=arguments.json)


if __name__ == "__main__":
    main()
