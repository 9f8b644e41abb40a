"""Files that a command sends, open for as long as it does."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import typer

FAILED = 1


@contextmanager
def opened(paths: Sequence[Path]) -> Iterator[Sequence[tuple[str, IO[bytes]]]]:
    """Open files under their names, or end the command and say which cannot be."""
    with ExitStack() as stack:
        try:
            files = [
                (path.name, stack.enter_context(path.open("rb"))) for path in paths
            ]
        except OSError as error:
            message = f"Cannot read {error.filename}: {error.strerror}."
            typer.echo(message, err=True)
            raise typer.Exit(FAILED) from error
        yield files
