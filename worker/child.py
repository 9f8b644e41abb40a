"""The training child as its supervisor sees it: started early, given one job."""

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import IO

from app.jobs import Claim
from app.leash import leashed

LEAVING_SECONDS = 3.0
TUNABLES = "GLIBC_TUNABLES"

# Every step frees and takes the same blocks again: keep them, in huge pages.
MEMORY = (
    "glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=4294967296"
    ":glibc.malloc.top_pad=67108864:glibc.malloc.hugetlb=1"
)


@dataclass(frozen=True)
class Child:
    """A process that has imported torch, or will have, and waits for one job."""

    process: subprocess.Popen[bytes]

    @property
    def output(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def has_ended_within(self, seconds: float) -> bool:
        """Wait for the child's end, and say at once when it comes."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def begin(self, claim: Claim) -> None:
        """Hand the job over; a child that died meanwhile is seen by its exit."""
        assert self.process.stdin is not None
        try:
            with self.process.stdin as order:
                order.write(f"{claim.job_id} {claim.attempt}\n".encode())
        except BrokenPipeError:
            return

    def ask_to_stop(self) -> None:
        self.process.terminate()

    def end(self) -> int:
        """Return the exit status, by force if the child does not end by itself.

        A child that has just finished its job still needs a moment to leave.
        """
        try:
            return self.process.wait(LEAVING_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def discard(self) -> None:
        """End a child that never got a job."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def start_child() -> Child:
    """Start a child in a session of its own, out of the terminal's reach."""
    process = subprocess.Popen(
        # On its leash before it imports torch, which takes seconds.
        leashed([sys.executable, "-m", "worker.runner"]),
        env=child_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    return Child(process)


def child_environment() -> dict[str, str]:
    """Return what makes training fast and a good neighbour: docs/decisions/0011."""
    return {
        **os.environ,
        # Waiting threads must sleep: spinning ones starve every neighbour. The
        # first 20 microseconds they spin, since most waits are shorter.
        "OMP_WAIT_POLICY": "PASSIVE",
        "GOMP_SPINCOUNT": "2000",
        # The last word on a tunable counts, and it is the operator's.
        TUNABLES: ":".join(filter(None, (MEMORY, os.environ.get(TUNABLES)))),
    }


def describe_exit(exit_status: int) -> str:
    if exit_status < 0:
        return f"killed by signal {-exit_status}"
    return f"exit status {exit_status}"
