"""Take one safeguard away at a time; the tests must notice each time.

`python -m benchmarks.mutations [--only NAME] [--json]`
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import at_most, print_targets

ROOT = Path(__file__).parents[1]
COPIED = ("app", "worker", "tests", "benchmarks", "pyproject.toml", "README.md")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Mutation:
    """A safeguard, the edit that takes it away, and the tests that watch over it."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


MUTATIONS = (
    Mutation(
        "attempt guard",
        "app/jobs/moves.py",
        "        col(Job.attempt) == claim.attempt,\n",
        "",
        ("tests/jobs", "tests/worker/test_runner.py"),
    ),
    Mutation(
        "BEGIN IMMEDIATE",
        "app/database/sqlite.py",
        '"BEGIN" if read_only else "BEGIN IMMEDIATE"',
        '"BEGIN"',
        ("tests/database", "tests/jobs"),
    ),
    Mutation(
        "parent-death signal",
        "app/leash.py",
        "        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)\n",
        "        ctypes.CDLL(None)\n",
        ("tests/test_leash.py", "tests/live/test_faults.py"),
    ),
    Mutation(
        "reconciler",
        "app/reconciler.py",
        '        """Take one pass over the jobs."""\n',
        '        """Take one pass over the jobs."""\n        return\n',
        (
            "tests/test_reconciler.py",
            "tests/test_lost_leases.py",
            "tests/test_redelivery.py",
            "tests/live/test_faults.py",
        ),
    ),
    Mutation(
        "commit before enqueue",
        "app/jobs/submit.py",
        """    session.commit()
    if not taken:
        return False
    try:
        queue.enqueue(job_id)
""",
        """    if not taken:
        session.commit()
        return False
    try:
        queue.enqueue(job_id)
        session.commit()
""",
        ("tests/jobs", "tests/api/test_jobs.py"),
    ),
    Mutation(
        "commit at submit",
        "app/jobs/submit.py",
        """kind="queued", attempt=0))
    session.commit()
""",
        """kind="queued", attempt=0))
    session.flush()
""",
        ("tests/jobs", "tests/api/test_jobs.py"),
    ),
)


def failing_tests(mutation: Mutation) -> list[str]:
    """Run the mutation's tests on a mutated copy; return the names of those that fail.

    Live tests may hang without a safeguard: what is not done in time has failed.
    """
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder)
        copy_product(copy)
        mutated = copy / mutation.file
        source = mutated.read_text()
        if source.count(mutation.old) != 1:
            sys.exit(f"{mutation.name}: {mutation.file} has changed; adapt the edit")
        mutated.write_text(source.replace(mutation.old, mutation.new))
        options = ["-q", "--no-cov", "--timeout=150", "-p", "no:cacheprovider"]
        finished = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *mutation.tests],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy)},
            capture_output=True,
            text=True,
            check=False,
        )
    return FAILED.findall(finished.stdout)


def copy_product(target: Path) -> None:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        else:
            shutil.copy(source, target / name)
    (target / "var").symlink_to((ROOT / "var").resolve())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[mutation.name for mutation in MUTATIONS])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    wanted = [m for m in MUTATIONS if arguments.only in {None, m.name}]
    survivors = 0
    for mutation in wanted:
        failing = failing_tests(mutation)
        survivors += not failing
        print(f"without {mutation.name}: {len(failing)} tests fail", flush=True)
        for name in failing:
            print(f"  {name}", flush=True)
    targets = {"surviving_mutations": at_most(survivors, 0)}
    print_targets(targets, as_json=arguments.json)
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
