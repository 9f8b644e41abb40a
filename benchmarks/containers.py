"""The compose file brought up for real, worked, broken and upgraded: `make containers`.

`python -m benchmarks.containers [--json]`. It builds the Dockerfile as it is, under a
project, port and volumes of its own, and removes them in the end.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

from app.client import Client, ClientError, Job, Retries
from benchmarks.compose import ComposeFailed, Project, docker, project, why_not
from benchmarks.report import at_most, print_targets
from benchmarks.serving import picture

IMAGE = "modelmill:local"
OURS = ("opt/modelmill", "opt/app")
MOST_BYTES = 150_000_000
GRACE_SECONDS = 60
PATIENCE_SECONDS = 600.0
SHORT = {"preset": "fast", "epochs": 1, "seed": 1}
LONG = {"preset": "fast", "epochs": 2, "seed": 2}
WORKERS = 3
ENDED_WELL = (0, 143)  # 143: ended by the signal that asked for it
PEOPLE = {"api": "modelmill", "worker": "modelmill", "redis": "redis"}
WHO = "id -un 2>/dev/null; touch /opt/x 2>/dev/null || echo read-only"

Row = tuple[str, str]


class Broken(Exception):
    """The installation did not do what it promises."""


def demand(what: str, *, holds: bool) -> None:
    if not holds:
        raise Broken(what)


def wait_until(reached: Callable[[], bool], what: str) -> float:
    """Wait for something, and return how long it took."""
    begin = time.monotonic()
    while not reached():
        demand(f"never: {what}", holds=time.monotonic() - begin < PATIENCE_SECONDS)
        time.sleep(0.5)
    return time.monotonic() - begin


def timed(step: Callable[[], object]) -> float:
    begin = time.monotonic()
    step()
    return time.monotonic() - begin


def own_bytes() -> int:
    """Return what the image adds to its base and torch, as a registry stores it."""
    packed = f"tar -C / -cf - {' '.join(OURS)} | gzip -6 | wc -c"
    return int(docker("run", "--rm", "--entrypoint", "sh", IMAGE, "-c", packed))


def layer_rows() -> Iterator[Row]:
    """Name the layers that the Dockerfile adds, with their size when unpacked."""
    for line in docker("history", "--format", "json", IMAGE).splitlines():
        layer = json.loads(line)
        if layer["CreatedBy"].startswith("COPY /opt"):
            yield f"layer {layer['CreatedBy'].split()[1]}, unpacked", layer["Size"]


class Check:
    """One installation and a client of its api."""

    def __init__(self, one: Project) -> None:
        self.project = one
        key = one.inside("api", "cat", "/var/lib/modelmill/admin.key").strip()
        # So patient is a request while the api is restarted.
        self.client = Client(one.url, key, retries=Retries(most=40, longest_seconds=2))

    def running_job(self) -> Job:
        """Submit a job, and return once its first epoch is recorded."""
        job = self.client.submit(LONG)
        wait_until(lambda: self.client.job(job.id).epoch >= 1, "an epoch")
        return job

    def whole(self, job: Job) -> str:
        """Wait for a job's end; return the digest of its last weights."""
        ended = self.client.wait(job.id, seconds=PATIENCE_SECONDS)
        fine = ended.status == "succeeded"
        demand(f"the job is {ended.status}: {ended.error}", holds=fine)
        wanted = list(range(1, int(job.spec["epochs"]) + 1))
        epochs = [row.epoch for row in self.client.metrics(job.id)]
        demand(f"recorded epochs are {epochs}", holds=epochs == wanted)
        kept = sorted(one.epoch for one in self.client.checkpoints(job.id))
        demand(f"checkpoints are {kept}", holds=kept == wanted)
        lineage = self.client.ask("GET", f"/jobs/{job.id}/lineage")
        return str(lineage["weights_sha256"])

    def job_and_prediction(self) -> Iterator[Row]:
        begin = time.monotonic()
        self.whole(self.client.submit(SHORT))
        yield "a job over HTTP to `succeeded`", f"{time.monotonic() - begin:.0f} s"
        seconds = timed(lambda: self.client.predict([("seven.png", picture())]))
        yield "`/predict`, the first", f"{1000 * seconds:.0f} ms"

    def restarts(self, undisturbed: str) -> Iterator[Row]:
        """Restart each service in turn while a job runs: the weights are the same."""
        services = ("redis", "api", "worker")
        yield from (self.restart(service, undisturbed) for service in services)

    def restart(self, service: str, undisturbed: str) -> Row:
        job = self.running_job()
        seconds = timed(partial(self.project.compose, "restart", service))
        demand(f"{service}: weights", holds=self.whole(job) == undisturbed)
        return f"restart of {service} under a job", f"{seconds:.1f} s, same weights"

    def upgrade(self, undisturbed: str) -> Iterator[Row]:
        """Give every process another image while a job runs."""
        before = {one["Image"] for one in self.project.containers("worker")}
        self.project.build("upgraded")
        job = self.running_job()
        seconds = timed(self.project.up)
        after = {one["Image"] for one in self.project.containers("worker")}
        demand("it is the old image", holds=before.isdisjoint(after))
        demand("weights changed", holds=self.whole(job) == undisturbed)
        attempts = self.client.job(job.id).attempt
        yield (
            "upgrade under a job",
            f"{seconds:.1f} s, same weights, attempt {attempts}",
        )

    def stop(self, undisturbed: str) -> Iterator[Row]:
        """Stop the worker: its job is back in the queue, from where it was."""
        job = self.running_job()
        [worker] = self.project.containers("worker")
        seconds = timed(lambda: docker("stop", worker["Id"]))
        [stopped] = self.project.containers("worker")
        code = stopped["State"]["ExitCode"]
        status = self.client.job(job.id).status
        demand(f"the worker ended with {code}", holds=code in ENDED_WELL)
        demand(f"{seconds:.0f} s are too long", holds=seconds < GRACE_SECONDS)
        demand(f"the job is {status}", holds=status == "queued")
        self.project.up()
        demand("weights changed", holds=self.whole(job) == undisturbed)
        yield "`docker stop` of the worker", f"{seconds:.1f} s, then the same weights"

    def scale(self) -> Iterator[Row]:
        seconds = timed(lambda: self.project.up("--scale", f"worker={WORKERS}"))
        wait_until(lambda: self.alive_workers() == WORKERS, f"{WORKERS} workers")
        yield f"`--scale worker={WORKERS}`", f"{seconds:.1f} s until all are healthy"

    def alive_workers(self) -> int:
        workers = self.client.ask("GET", "/workers")["data"]
        return sum(bool(worker["is_alive"]) for worker in workers)

    def rights(self) -> Iterator[Row]:
        """Nobody is root, and nobody writes to the image."""
        for service, expected in PEOPLE.items():
            user = self.project.inside(service, "sh", "-c", WHO).split()
            demand(f"{service} is {user}", holds=user == [expected, "read-only"])
        yield "user; root file system", "modelmill (redis: redis); read-only"


def run(one: Project) -> Iterator[Row]:
    """Yield a row for each thing that holds; the first that does not ends it."""
    yield "build", f"{timed(lambda: one.build('first')):.0f} s"
    yield from layer_rows()
    yield "`up` until all are healthy", f"{timed(one.up):.0f} s"
    health = one.health()
    demand(f"not healthy: {health}", holds=set(health.values()) == {"healthy"})
    check = Check(one)
    yield from check.rights()
    yield from check.job_and_prediction()
    undisturbed = check.whole(check.client.submit(LONG))
    yield from check.restarts(undisturbed)
    yield from check.upgrade(undisturbed)
    yield from check.stop(undisturbed)
    yield from check.scale()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    missing = why_not()
    if missing is not None:
        sys.exit(f"There is no working `docker compose` here: {missing}")
    with project() as one:
        try:
            for name, value in run(one):
                print(f"{name:<40}  {value}", flush=True)
        except (Broken, ClientError, ComposeFailed) as error:
            sys.exit(f"FAILED: {error}\n{one.log()}")
    size = at_most(own_bytes(), MOST_BYTES)
    print_targets({"containers_own_bytes": size}, as_json=arguments.json)


if __name__ == "__main__":
    main()
