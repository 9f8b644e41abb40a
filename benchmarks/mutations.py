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
from pathlib import Path

from benchmarks.report import at_most, print_targets
from benchmarks.safeguards import MUTATIONS, Edit, Mutation

ROOT = Path(__file__).parents[1]
COPIED = ("app", "worker", "tests", "benchmarks", "pyproject.toml", "README.md")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def failing_tests(mutation: Mutation) -> list[str]:
    """Run the mutation's tests on a mutated copy; return the names of those that fail.

    A test may hang without a safeguard: what is not done in time has failed.
    """
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder)
        copy_product(copy)
        for edit in mutation.edits:
            apply(edit, copy)
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


def apply(edit: Edit, copy: Path) -> None:
    mutated = copy / edit.file
    source = mutated.read_text()
    if source.count(edit.old) != 1:
        sys.exit(f"{edit.file} has changed; adapt the edit {edit.old!r}")
    mutated.write_text(source.replace(edit.old, edit.new))


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
