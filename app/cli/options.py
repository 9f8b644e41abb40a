"""Options that several commands share."""

from typing import Annotated

import typer

ServiceUrl = Annotated[
    str, typer.Option("--url", envvar="MODELMILL_URL", help="Where the service is.")
]
