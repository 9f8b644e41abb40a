"""`modelmill doctor`: what is wrong, and how to mend it."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from app.doctor.examination import examine
from app.doctor.finding import Finding, Verdict
from app.launcher.broker import running_socket
from app.settings import Settings

FAILED = 1
COLOURS = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.FAILURE: "red"}

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def doctor(*, as_json: AsJson = False) -> None:
    """Look at disk, database, broker, workers, clocks, GPU and datasets.

    Ends with 1 if anything has failed; what only deserves a look ends with 0.
    """
    settings = with_own_broker(Settings())
    found: list[Finding] = []
    for finding in examine(settings):
        found.append(finding)
        if not as_json:
            show(finding, Console())
    if as_json:
        typer.echo(json.dumps({"findings": [asdict(one) for one in found]}, indent=2))
    if any(one.verdict is Verdict.FAILURE for one in found):
        raise typer.Exit(FAILED)


def with_own_broker(settings: Settings) -> Settings:
    """Point to the server that `modelmill serve` has started here, if it has."""
    own = running_socket(settings.data_dir)
    if settings.redis_url is not None or own is None:
        return settings
    return settings.model_copy(update={"redis_url": f"unix://{own}"})


def show(finding: Finding, console: Console) -> None:
    colour, part = COLOURS[finding.verdict], finding.part
    mark = f"[{colour}]{finding.verdict.upper():<8}[/]"
    console.print(f"{mark} {part:<9} {escape(finding.message)}", highlight=False)
    if finding.remedy:
        console.print(f"{'':<18} {escape(finding.remedy)}", highlight=False)
