"""`modelmill data`: bring datasets to this machine."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from app.datasets.builtin import BUILT_IN
from app.datasets.fetch import fetch_dataset
from app.datasets.reporter import Reporter
from app.errors import DatasetUnavailable
from app.settings import Settings

Fetcher = Callable[[Path, Reporter], None]

FAILED = 1
MISUSED = 2


def make_app(fetchers: Mapping[str, Fetcher]) -> typer.Typer:
    """Offer the command with one fetcher for each dataset's name."""
    app = typer.Typer(help="Bring datasets to this machine.", no_args_is_help=True)

    # Without a callback, Typer would make the only command the whole application.
    @app.callback()
    def data() -> None:
        pass

    @app.command()
    def fetch(
        name: Annotated[str, typer.Argument(help=f"One of: {', '.join(fetchers)}.")],
    ) -> None:
        """Fetch a dataset unless it is there already."""
        if name not in fetchers:
            known = ", ".join(fetchers)
            _stop(f"There is no dataset {name!r}; there is: {known}", MISUSED)
        _fetch(fetchers[name], Settings().datasets_dir / name)

    return app


def _fetch(fetcher: Fetcher, directory: Path) -> None:
    reporter = Reporter(Console())
    try:
        fetcher(directory, reporter)
    except DatasetUnavailable as error:
        _stop(str(error), FAILED)
    reporter.say(f"{directory.name} is ready in {directory}")


def _stop(message: str, code: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)


app = make_app(
    {name: partial(fetch_dataset, dataset) for name, dataset in BUILT_IN.items()}
)
