"""The files that are added with -f, run for real: `bash deploy/check.sh further NAME…`.

`postgres` and `prometheus` bring one service each, of the image that its file names, to
an installation that has no other purpose, which is removed in the end.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
from ruamel.yaml import YAML

from app.client import ClientError
from benchmarks.compose import ROOT, ComposeFailed, Project, project, why_not
from benchmarks.containers import LONG, Broken, Check, Row, demand, timed, wait_until

PROMETHEUS = "http://127.0.0.1:9090/api/v1"
RULES = ROOT / "deploy" / "monitoring" / "rules.yml"
BACKENDS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
CONNECTIONS = ("psql", "--username=modelmill", "-Atc", BACKENDS)
SQLITE = "sqlite:////var/lib/modelmill/modelmill.sqlite3"
POSTGRES = "postgresql://modelmill:$(cat /run/modelmill/database_password)@postgres"
COPY = (
    *("run", "--rm", "--no-TTY", "--no-deps", "worker"),
    *("sh", "-c", f'modelmill db copy {SQLITE} "{POSTGRES}/modelmill"'),
)


def with_postgres(one: Project) -> Iterator[Row]:
    """Move an installation to PostgreSQL, train there, and restart it under a job."""
    job_id, undisturbed = begin_on_sqlite()
    one.up("postgres")
    seconds = timed(lambda: one.compose(*COPY))
    yield "`modelmill db copy` to PostgreSQL", f"{seconds:.1f} s"
    yield "`up` with PostgreSQL, all healthy", f"{timed(one.up):.0f} s"
    check = Check(one)
    demand("it was lost", holds=check.whole(check.client.job(job_id)) == undisturbed)
    yield from check.job_and_prediction()
    yield check.restart("postgres", undisturbed)
    job = check.running_job()
    count = one.inside("postgres", *CONNECTIONS).strip()
    yield "connections of an api and a worker", count
    demand("weights changed", holds=check.whole(job) == undisturbed)


def begin_on_sqlite() -> tuple[str, str]:
    """Train a job without the further file, and stop; return its id and weights."""
    before = Project(None)
    before.up()
    check = Check(before)
    job = check.client.submit(LONG)
    weights = check.whole(job)
    before.compose("stop", "api", "worker")
    return job.id, weights


def with_prometheus(one: Project) -> Iterator[Row]:
    """Let Prometheus ask the api with the key that is made for it."""
    seconds = timed(lambda: one.up("prometheus"))
    yield "`up` with Prometheus, all healthy", f"{seconds:.0f} s"
    seconds = wait_until(is_asked, "an answer to Prometheus")
    yield "Prometheus has the api's numbers after", f"{seconds:.0f} s"
    [group] = ask("rules")["groups"]
    [written] = YAML(typ="safe", pure=True).load(RULES)["groups"]
    names = {rule["name"] for rule in group["rules"]}
    wanted = {rule["alert"] for rule in written["rules"]}
    demand(f"alerts are {names}", holds=names == wanted)
    broken = [rule["name"] for rule in group["rules"] if rule["health"] == "err"]
    demand(f"alerts that fail: {broken}", holds=not broken)
    yield "alert rules that it took", str(len(names))


def is_asked() -> bool:
    results = ask("query?query=up%7Bjob%3D%22modelmill%22%7D")["result"]
    return [result["value"][1] for result in results] == ["1"]


def ask(what: str) -> dict[str, list[dict[str, Any]]]:
    answer = httpx2.get(f"{PROMETHEUS}/{what}").raise_for_status().json()
    data: dict[str, list[dict[str, Any]]] = answer["data"]
    return data


CHECKS: dict[str, tuple[str, Callable[[Project], Iterator[Row]]]] = {
    "postgres": ("postgres", with_postgres),
    "prometheus": ("monitoring", with_prometheus),
}


def check_with(name: str) -> None:
    file, run = CHECKS[name]
    with project(f"deploy/docker-compose.{file}.yml") as one:
        one.build("further")
        try:
            for what, value in run(one):
                print(f"{what:<40}  {value}", flush=True)
        except (Broken, ClientError, ComposeFailed) as error:
            sys.exit(f"FAILED: {error}\n{one.log()}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", choices=CHECKS)
    arguments = parser.parse_args()
    missing = why_not()
    if missing is not None:
        sys.exit(f"There is no working `docker compose` here: {missing}")
    for name in arguments.names:
        check_with(name)


if __name__ == "__main__":
    main()
