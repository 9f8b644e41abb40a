"""`modelmill data`: bring datasets to this machine, or to a running service."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from app.cli.files import FAILED, opened
from app.cli.output import Output, local
from app.cli.remote import Terminal, remote
from app.datasets.builtin import BUILT_IN
from app.datasets.fetch import fetch_dataset
from app.datasets.reporter import Reporter
from app.errors import DatasetUnavailable
from app.settings import Settings
from app.spec import written_shape

Fetcher = Callable[[Path, Reporter], None]

MISUSED = 2
CODES = {FAILED: "failed", MISUSED: "misused"}


def make_app(fetchers: Mapping[str, Fetcher]) -> typer.Typer:
    """Offer the command with one fetcher for each dataset's name."""
    app = typer.Typer(help="Bring datasets to this machine.", no_args_is_help=True)

    # Without a callback, Typer would make the only command the whole application.
    @app.callback()
    def data() -> None:
        pass

    def fetch(
        output: Output,
        name: Annotated[str, typer.Argument(help=f"One of: {', '.join(fetchers)}.")],
    ) -> None:
        """Fetch a dataset unless it is there already."""
        if name not in fetchers:
            known = ", ".join(fetchers)
            _stop(output, f"There is no dataset {name!r}; there is: {known}", MISUSED)
        _fetch(output, fetchers[name], Settings().datasets_dir / name)

    app.command()(local(fetch))
    return app


def _fetch(output: Output, fetcher: Fetcher, directory: Path) -> None:
    # How far it is is for people, also beside JSON.
    reporter = Reporter(Console(stderr=output.as_json))
    try:
        fetcher(directory, reporter)
    except DatasetUnavailable as error:
        _stop(output, str(error), FAILED)
    found = {"object": "dataset", "name": directory.name, "path": str(directory)}
    output.show(found, f"{directory.name} is ready in {directory}")


def _stop(output: Output, message: str, code: int) -> NoReturn:
    document = {"object": "error", "code": CODES[code], "detail": message}
    typer.echo(json.dumps(document) if output.as_json else message, err=True)
    raise typer.Exit(code)


def upload(  # noqa: PLR0913  # each is an option of the command
    terminal: Terminal,
    paths: Annotated[list[Path], typer.Argument(help="An archive, npz or IDX files.")],
    name: Annotated[str, typer.Option(help="What jobs will call it.")],
    *,
    preprocess: Annotated[str, typer.Option(help="plain, or auto.")] = "plain",
    size: Annotated[
        str | None,
        typer.Option(help="Of every image, as 32x24; else the commonest among them."),
    ] = None,
    colour: Annotated[
        str, typer.Option(help="grey, rgb, or auto: rgb if any image shows colour.")
    ] = "auto",
) -> None:
    """Upload a dataset of your own to a running service, and say what was found."""
    fields = {"name": name, "preprocess": preprocess, "colour": colour}
    fields |= {} if size is None else {"size": size}
    with opened(paths) as files:
        dataset = terminal.client.upload(files, fields)
    for warning in dataset["warnings"]:
        terminal.say(f"note: {warning}")
    if dataset["status"] != "ready":
        reasons = dataset["fatal"] or [dataset["error"]]
        _stop(
            terminal,
            f"{dataset['reference']} is of no use: {' '.join(reasons)}",
            FAILED,
        )
    terminal.show(
        dataset,
        f"{dataset['reference']} is ready: {len(dataset['class_names'])} classes, "
        f"{dataset['train_images']} images to learn from, {dataset['test_images']} to "
        f"test with, {written_shape(dataset['shape'])}",
    )


def list_all(terminal: Terminal) -> None:
    """List the datasets that a running service has."""
    table = Table("dataset", "status", "classes", "train", "test")
    for one in terminal.client.datasets():
        counts = (one["train_images"], one["test_images"])
        classes = len(one["class_names"] or [])
        table.add_row(one["reference"], one["status"], *map(str, (classes, *counts)))
        if terminal.as_json:
            terminal.write_line(one)
    terminal.say(table)


app = make_app(
    {name: partial(fetch_dataset, dataset) for name, dataset in BUILT_IN.items()}
)
app.command("upload")(remote(upload))
app.command("list")(remote(list_all))
