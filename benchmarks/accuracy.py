"""What a preset reaches, over several seeds; the tutorial's beside its own program.

`python -m benchmarks.accuracy [--preset NAME] [--dataset NAME] [--seeds N…] [--json]`

Each seed is a job over HTTP on an idle service. The epoch that is tested was chosen by
validation images alone. Of the tutorial the peer is its program on TensorFlow, for as
many epochs, chosen in the same way.
"""

import argparse
import sys
from pathlib import Path
from statistics import mean

from app.settings import Settings
from benchmarks.report import Target, at_least, at_most, print_rows, print_targets
from benchmarks.tensorflow_peer import (
    HOW_TO_GET_IT,
    find_tensorflow,
    start_program,
)
from benchmarks.time_to_accuracy import (
    PATIENCE_SECONDS,
    Reached,
    reached_by,
    warm_service,
)
from tests.live.service import LiveService

SEEDS = (1, 2, 3)
LEAST_ACCURACY = {("accurate", "mnist"): 0.997, ("accurate", "fashion-mnist"): 0.935}
MOST_SECONDS = 240.0
TUTORIAL_EPOCHS = 10
SAME_ACCURACY = 0.001


def run_job(service: LiveService, preset: str, dataset: str, seed: int) -> Reached:
    job_id = service.submit(preset=preset, dataset=dataset, seed=seed)
    # The stream ends with the job, and costs less than to look again and again.
    service.get(f"/jobs/{job_id}/events", timeout=PATIENCE_SECONDS)
    reached = reached_by(service.job(job_id))
    print(f"{preset} on {dataset}, seed {seed}: {reached.row()}", file=sys.stderr)
    return reached


def run_program(python: Path, mnist: Path) -> Reached:
    """Train the tutorial's program; validation chooses the epoch."""
    with start_program(python, mnist) as program:
        epochs = [program.ask("epoch") for _ in range(TUTORIAL_EPOCHS)]
    seconds = sum(result["seconds"] for result in epochs)
    best = max(range(TUTORIAL_EPOCHS), key=lambda at: epochs[at]["val_accuracy"])
    reached = Reached(seconds, epochs[best]["test_accuracy"], best + 1)
    print(f"TensorFlow program: {reached.row()}", file=sys.stderr)
    return reached


def accuracy_of(runs: list[Reached]) -> float:
    return mean(run.test_accuracy for run in runs)


def row(runs: list[Reached]) -> str:
    each = ", ".join(f"{run.test_accuracy:.2%}" for run in runs)
    seconds = max(run.seconds for run in runs)
    return f"{accuracy_of(runs):.3%} mean of {each}; at most {seconds:.0f} s"


def promised(preset: str, dataset: str, runs: list[Reached]) -> dict[str, Target]:
    """Return what was promised of a preset on a dataset, if anything."""
    least = LEAST_ACCURACY.get((preset, dataset))
    if least is None:
        return {}
    seconds = max(run.seconds for run in runs)
    return {
        f"{preset}_{dataset}_mean_accuracy": at_least(accuracy_of(runs), least),
        f"{preset}_{dataset}_seconds": at_most(seconds, MOST_SECONDS),
    }


def same_as(peer: list[Reached], ours: list[Reached]) -> dict[str, Target]:
    """Return how much less accurate ours is; more is no fault."""
    less = accuracy_of(peer) - accuracy_of(ours)
    return {"tutorial_accuracy_below_tensorflow": at_most(less, SAME_ACCURACY)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="accurate")
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--tensorflow-python", type=Path, help="to start the peer with")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    preset, dataset = arguments.preset, arguments.dataset

    datasets = Settings().datasets_dir
    with warm_service(datasets) as service:
        ours = [run_job(service, preset, dataset, seed) for seed in arguments.seeds]
    rows = [(f"preset {preset} on {dataset}", row(ours))]
    targets = promised(preset, dataset, ours)
    if (preset, dataset) == ("tutorial", "mnist"):
        python = find_tensorflow(arguments.tensorflow_python)
        if python is None:
            print(HOW_TO_GET_IT, file=sys.stderr)
        else:
            peer = [run_program(python, datasets / "mnist") for _ in ours]
            rows.append(("TensorFlow program", row(peer)))
            targets = same_as(peer, ours)
    print_rows(rows)
    print_targets(targets, as_json=arguments.json)


if __name__ == "__main__":
    main()
