"""A contender: a process of its own that does what it is asked, line by line.

Nothing that must be installed is imported here, since a peer may live in another
virtual environment than ours.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from app.leash import leashed

READY = "ready"


class ContenderFailed(Exception):
    """A contender ended before it answered."""


def serve(commands: Mapping[str, Callable[..., object]]) -> None:
    """Answer each line "NAME [NUMBER]" with a line of JSON, until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # libraries print as they like
    print(json.dumps(READY), file=answers)
    for line in sys.stdin:
        name, *numbers = line.split()
        print(json.dumps(commands[name](*map(int, numbers))), file=answers)


class Contender:
    """A contender as its caller sees it: stopped unless it is asked.

    Without that, threads that spin while they wait would take the cores of the next.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str] = os.environ
    ) -> None:
        self._process = subprocess.Popen(
            leashed([*command]),
            env={**environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with ExitStack() as stack:
            stack.callback(self.close)
            self.hear()
            stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def ask(self, request: str) -> Any:
        self.tell(request)
        return self.hear()

    def tell(self, request: str) -> None:
        """Let it run and begin with something, without waiting for its answer."""
        self.go_on()
        assert self._process.stdin is not None
        self._process.stdin.write(f"{request}\n")
        self._process.stdin.flush()

    def hear(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ContenderFailed(f"it ended with {self._process.wait()}")
        self.halt()
        return json.loads(line)

    def halt(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
