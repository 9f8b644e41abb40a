"""The api starts soon: what is slow to load waits until somebody needs it."""

import subprocess
import sys

SLOW = {"torch", "matplotlib", "tensorflow"}


def test_the_api_starts_without_what_is_slow_to_load() -> None:
    program = "import sys, app.main; print(*sys.modules)"

    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert SLOW.isdisjoint(run.stdout.split())
