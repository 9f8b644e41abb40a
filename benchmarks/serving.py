"""`/predict` beside LitServe, BentoML and an endpoint that does nothing.

`python -m benchmarks.serving [--rounds N] [--seconds N] [--training] [--memory N]
[--json]`. All take the same picture over multipart, with the same network and one
process for requests; each is measured in turn, round after round, the others halted.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from statistics import median

from PIL import Image

from app.datasets.mnist import load_mnist, write_subset
from app.settings import Settings
from benchmarks.load import Load, put_load, write_script
from benchmarks.report import Target, at_least, at_most, print_rows, print_targets
from benchmarks.servers import BARE, BENCH_BIN, OURS, Server, commands, server
from tests.live.processes import api
from tests.live.service import LiveService, live_service

CONNECTIONS = (1, 16, 64)
SUBSET = (2304, 300)
QUICK_JOB = {"epochs": 1, "batch_size": 32, "validation_size": 256, "seed": 3}
LONG_JOB = {"epochs": 1000, "validation_size": 256, "seed": 4}

Loads = dict[tuple[str, int], list[Load]]


def measure(servers: list[Server], script: Path, rounds: int, seconds: int) -> Loads:
    """Load each in turn with each number of connections, the others halted."""
    loads: Loads = {}
    for one in servers:
        put_load(one.url, script, connections=1, seconds=1)  # the first is slow
        one.halt()
    for _round in range(rounds):
        for connections in CONNECTIONS:
            for one in servers:
                one.go_on()
                load = put_load(one.url, script, connections, seconds)
                one.halt()
                loads.setdefault((one.name, connections), []).append(load)
    for one in servers:
        one.go_on()
    return loads


def middle(loads: list[Load]) -> Load:
    return Load(
        median(load.requests_per_second for load in loads),
        median(load.median_ms for load in loads),
        median(load.p99_ms for load in loads),
    )


def targets_of(loads: dict[tuple[str, int], Load]) -> dict[str, Target]:
    targets = {}
    ours = {connections: loads[OURS, connections] for connections in CONNECTIONS}
    for connections in CONNECTIONS[1:]:
        peers = [
            load.requests_per_second
            for (name, count), load in loads.items()
            if count == connections and name not in (OURS, BARE)
        ]
        if peers:
            ratio = ours[connections].requests_per_second / max(peers)
            targets[f"serving_vs_best_peer_{connections}"] = at_least(ratio, 2)
    share = ours[16].requests_per_second / loads[BARE, 16].requests_per_second
    tail = ours[16].p99_ms / ours[16].median_ms
    return targets | {
        "serving_of_bare_16": at_least(share, 0.55),
        "serving_p50_ms": at_most(ours[1].median_ms, 1.0),
        "serving_p99_over_p50_16": at_most(tail, 3),
    }


def beside_training(
    service: LiveService, script: Path, quiet: Load, seconds: int
) -> dict[str, Target]:
    """Load ours while a job trains on the same cores."""
    job_id = service.submit(**LONG_JOB)
    service.wait_for(job_id, lambda job: job["progress"] is not None)
    load = put_load(f"{service.url}/predict", script, 16, seconds)
    service.post(f"/jobs/{job_id}/cancel")
    service.wait_for_end(job_id)
    print_rows([("modelmill, 16, beside a job", written(load))])
    kept = load.requests_per_second / quiet.requests_per_second
    return {
        "serving_training_keeps": at_least(kept, 0.30),
        "serving_training_p99": at_most(load.p99_ms / quiet.p99_ms, 6),
    }


def memory_growth(service: LiveService, script: Path, requests: int) -> float:
    """Return by what share the api grew over many requests, after the first few."""
    url, process = f"{service.url}/predict", api(service.data_dir)
    rate = put_load(url, script, 16, 3).requests_per_second
    before = process.memory_info().rss
    put_load(url, script, 16, max(1, round(requests / rate)))
    return process.memory_info().rss / before - 1


@contextmanager
def trained_service() -> Iterator[LiveService]:
    """Start the whole product, and train the network that answers."""
    with tempfile.TemporaryDirectory(prefix="serving-", dir="/tmp") as folder:
        target = Path(folder) / "datasets" / "mnist"
        write_subset(Settings().datasets_dir / "mnist", target, *SUBSET)
        with live_service(Path(folder)) as service:
            service.wait_for_end(service.submit(**QUICK_JOB))
            yield service


def picture() -> bytes:
    """Return an image of the test set as a PNG, as it would be uploaded."""
    images = load_mnist(Settings().datasets_dir / "mnist").test_images
    written = BytesIO()
    Image.fromarray(images[0]).save(written, "PNG", optimize=True)
    return written.getvalue()


def written(load: Load) -> str:
    return (
        f"{load.requests_per_second:,.0f} requests/s, "
        f"p50 {load.median_ms:.2f} ms, p99 {load.p99_ms:.2f} ms"
    )


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--bench-bin", type=Path, default=BENCH_BIN)
    parser.add_argument("--training", action="store_true", help="also beside a job")
    parser.add_argument("--memory", type=int, help="also the growth over N requests")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main() -> None:
    arguments = read_arguments()
    bench_bin: Path = arguments.bench_bin.absolute()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        script = write_script(folder, picture())
        service = stack.enter_context(trained_service())
        servers = [
            Server(OURS, f"{service.url}/predict", api(service.data_dir)),
            *(
                stack.enter_context(server(name, bench_bin))
                for name in commands(bench_bin, port=0)
            ),
        ]
        loads = measure(servers, script, arguments.rounds, arguments.seconds)
        loads_of = {place: middle(several) for place, several in loads.items()}
        print_rows(
            [
                (f"{name}, {connections}", written(load))
                for (name, connections), load in loads_of.items()
            ]
        )
        targets = targets_of(loads_of)
        if arguments.memory:
            growth = memory_growth(service, script, arguments.memory)
            targets["serving_memory_growth"] = at_most(growth, 0.05)
        if arguments.training:
            quiet = loads_of[OURS, 16]
            targets |= beside_training(service, script, quiet, arguments.seconds)
    print_targets(targets, as_json=arguments.json)


if __name__ == "__main__":
    main()
