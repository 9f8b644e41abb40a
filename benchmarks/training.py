"""Images per second of our loop against its peers and the machine, interleaved.

`python -m benchmarks.training [--neighbour] [--rounds N] [--steps N] [--json]`
"""

import argparse
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from app.settings import Settings
from benchmarks.contender import Contender
from benchmarks.plain_loop import flop_per_image
from benchmarks.report import Target, at_least, at_most, print_rows, print_targets
from benchmarks.tensorflow_peer import (
    HOW_TO_GET_IT,
    find_tensorflow,
    start_program,
)
from worker.child import child_environment

OURS, ACTIVE = "modelmill", "modelmill, threads spin"
PLAIN, TENSORFLOW = "plain PyTorch loop", "TensorFlow program"
BESIDE = "{} beside a neighbour"
BATCH_SIZE = 128
GIGA = 1e9

# What was promised.
VS_TENSORFLOW, VS_PLAIN_LOOP, OF_BF16_PEAK = 1.8, 2.5, 0.55
NEIGHBOUR_KEPT, PASSIVE_COST, RSS_GB = 0.45, 0.05, 1.2

Rates = dict[str, float]


def contender(
    name: str, datasets: Path, environment: Mapping[str, str] = os.environ
) -> Contender:
    command = [sys.executable, "-m", "benchmarks.contenders", name, str(datasets)]
    return Contender(command, environment)


def start_loops(
    stack: ExitStack, datasets: Path, arguments: argparse.Namespace
) -> dict[str, Contender]:
    """Start every loop that is to be compared, each in a process of its own."""
    ours = child_environment()
    loops = {
        OURS: contender("modelmill", datasets, ours),
        PLAIN: contender("plain", datasets),
    }
    if arguments.neighbour:
        active = {**ours, "OMP_WAIT_POLICY": "ACTIVE"}
        active.pop("GOMP_SPINCOUNT")  # which would have its way
        loops[ACTIVE] = contender("modelmill", datasets, active)
    python = find_tensorflow(arguments.tensorflow_python)
    if python is not None:
        loops[TENSORFLOW] = start_program(python, datasets / "mnist")
    else:
        print(HOW_TO_GET_IT, file=sys.stderr)
    for loop in loops.values():
        stack.enter_context(loop)
    return loops


def measure(
    loops: Mapping[str, Contender],
    matrices: Contender,
    neighbour: Contender | None,
    *,
    rounds: int,
    steps: int,
) -> Rates:
    """Return the median of each rate over the rounds; everything takes its turn."""
    found: dict[str, list[float]] = {}
    for round_number in range(rounds + 1):
        rates = one_round(loops, neighbour, steps)
        rates |= {kind: matrices.ask(kind) for kind in ("bf16", "fp32")}
        told = ", ".join(f"{name} {rates[name]:,.0f}" for name in loops)
        print(f"round {round_number}: {told} images/s", file=sys.stderr)
        if round_number > 0:  # the first warms up
            for name, rate in rates.items():
                found.setdefault(name, []).append(rate)
    return {name: median(rates) for name, rates in found.items()}


def one_round(
    loops: Mapping[str, Contender], neighbour: Contender | None, steps: int
) -> Rates:
    images = steps * BATCH_SIZE
    rates = {name: images / loop.ask(f"steps {steps}") for name, loop in loops.items()}
    if neighbour is None:
        return rates
    neighbour.go_on()
    for name in loops.keys() & {OURS, TENSORFLOW}:
        rates[BESIDE.format(name)] = images / loops[name].ask(f"steps {steps}")
    neighbour.halt()
    return rates


def targets_of(rates: Rates, rss_bytes: int) -> dict[str, Target]:
    # The faster of the two: where bf16 is the slower, to beat its peak says nothing.
    of_peak = rates[OURS] * flop_per_image() / max(rates["bf16"], rates["fp32"])
    targets = {
        "training_vs_plain_loop": at_least(rates[OURS] / rates[PLAIN], VS_PLAIN_LOOP),
        "training_of_bf16_peak": at_least(of_peak, OF_BF16_PEAK),
        "training_rss_gb": at_most(rss_bytes / GIGA, RSS_GB),
    }
    if TENSORFLOW in rates:
        ratio = rates[OURS] / rates[TENSORFLOW]
        targets["training_vs_tensorflow"] = at_least(ratio, VS_TENSORFLOW)
    if ACTIVE in rates:
        kept = rates[BESIDE.format(OURS)] / rates[OURS]
        targets["neighbour_kept"] = at_least(kept, NEIGHBOUR_KEPT)
        cost = 1 - rates[OURS] / rates[ACTIVE]
        targets["passive_cost"] = at_most(cost, PASSIVE_COST)
    return targets


def rows_of(rates: Rates) -> Iterable[tuple[str, str]]:
    for name, rate in rates.items():
        if name in {"bf16", "fp32"}:
            yield f"{name} matrix product", f"{rate / GIGA:,.0f} GFLOP/s"
            continue
        quiet = rates.get(name.removesuffix(BESIDE.format("")), rate)
        share = f" ({rate / quiet:.0%})" if quiet != rate else ""
        yield name, f"{rate:,.0f} images/s{share}"


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--neighbour", action="store_true", help="also beside one")
    parser.add_argument("--tensorflow-python", type=Path, help="to start the peer with")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main() -> None:
    arguments = read_arguments()
    datasets = Settings().datasets_dir
    with ExitStack() as stack:
        matrices = stack.enter_context(contender("matrices", datasets))
        neighbour = None
        if arguments.neighbour:
            neighbour = stack.enter_context(contender("neighbour", datasets))
            neighbour.tell("compute")
            neighbour.halt()
        loops = start_loops(stack, datasets, arguments)
        rates = measure(
            loops, matrices, neighbour, rounds=arguments.rounds, steps=arguments.steps
        )
        rss_bytes = loops[OURS].ask("memory")

    print(f"tutorial network, batch {BATCH_SIZE}, {os.cpu_count()} cores")
    print(f"{flop_per_image() / 1e6:.1f} MFLOP per image, forward and backward")
    print_rows(list(rows_of(rates)))
    print_targets(targets_of(rates, rss_bytes), as_json=arguments.json)


if __name__ == "__main__":
    main()
