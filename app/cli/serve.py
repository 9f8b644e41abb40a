"""`modelmill serve`: every process of the service on this machine."""

import typer

from app.launcher.serve import serve as run_service
from app.settings import Settings


def serve() -> None:
    """Start broker, worker and api and stay until Ctrl-C; settings come by name.

    MODELMILL_DATA_DIR, MODELMILL_HOST and MODELMILL_PORT say where.
    """
    run_service(Settings(), typer.echo)
