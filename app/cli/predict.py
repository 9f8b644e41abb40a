"""`modelmill predict`: classify image files with a running service."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.options import ServiceUrl
from app.client import Client, Json, read_file

Files = Annotated[list[Path], typer.Argument(help="PNG, JPEG or WebP files.")]
JobId = Annotated[str | None, typer.Option("--job", help="Use this job's best.")]


def predict(
    files: Files, job: JobId = None, url: ServiceUrl = "http://127.0.0.1:8000"
) -> None:
    """Say which digit each file shows."""
    answer = Client(url).predict([read_file(path) for path in files], job)
    Console().print(prediction_table(answer))


def prediction_table(answer: Json) -> Table:
    used = answer["checkpoint"]
    caption = f"checkpoint {used['id']}, epoch {used['epoch']}"
    table = Table("file", "label", "confidence", caption=caption)
    for found in answer["data"]:
        # A name may have brackets, which rich would take for its markup.
        name = Text(found["file"])
        if "error" in found:
            table.add_row(name, "-", found["error"]["message"])
            continue
        doubt = "" if found["known"] else f" ({found['reason']})"
        table.add_row(name, found["label"], f"{found['confidence']:.2%}{doubt}")
    return table
