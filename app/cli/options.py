"""Options that several commands share."""

from typing import Annotated

import typer

from app.client.address import KEY_VARIABLE, LOCAL_URL, URL_VARIABLE

ServiceUrl = Annotated[
    str | None,
    typer.Option(
        "--url", envvar=URL_VARIABLE, help=f"Where the service is: {LOCAL_URL}."
    ),
]
ServiceKey = Annotated[
    str | None,
    typer.Option("--key", envvar=KEY_VARIABLE, help="Who asks.", show_default=False),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Write JSON, for programs; errors too.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Any other hyperparameter, as JSON or a word; may be repeated.",
    ),
]
