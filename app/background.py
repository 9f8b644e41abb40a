"""Work in a thread of its own, for as long as a block lasts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread


@contextmanager
def in_background(
    name: str,
    work: Callable[[], object],
    stop: Callable[[], object],
    patience_seconds: float | None = None,
) -> Iterator[None]:
    """Let a thread do the work; at the block's end tell it to stop, and wait for it.

    With patience it is left behind after so long, and ends with the process.
    """
    thread = Thread(target=work, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join(patience_seconds)
