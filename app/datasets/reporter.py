"""What a person sees of a fetch: bars on a terminal, single lines elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress


class Reporter:
    """Writes to the console it is given."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, message: str) -> None:
        self._console.print(message, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def progress(
        self, label: str, total: int | None
    ) -> Iterator[Callable[[int], None]]:
        """Show that something advances; the caller reports by how much."""
        if not self._console.is_terminal:
            self.say(label)
            yield lambda _step: None
            return
        with Progress(console=self._console) as progress:
            task = progress.add_task(escape(label), total=total)
            yield lambda step: progress.advance(task, step)
