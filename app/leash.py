"""A process that dies with its parent, however the parent dies.

`python -m app.leash PARENT_PID COMMAND …` becomes COMMAND under this rule, which
survives exec; it is for programs that are not ours.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with(parent_pid: int) -> None:
    """Have the kernel kill this process when its parent ends (Linux only).

    The parent may have died before the request: then nobody would send the signal,
    so the process leaves at once.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        sys.exit(1)


def leashed(command: list[str]) -> list[str]:
    """Return the command line that runs command as a child of this very process."""
    return [sys.executable, "-m", "app.leash", str(os.getpid()), *command]


def main() -> None:
    parent_pid, *command = sys.argv[1:]
    die_with(int(parent_pid))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
