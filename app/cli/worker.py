"""`modelmill worker`: one worker process, for machines that run nothing else."""

import os
import socket
from typing import Annotated

import typer

from app.database.engine import migrate, open_database
from app.launcher.serve import worker_command
from app.presence import is_worker_alive
from app.settings import Settings

Check = Annotated[bool, typer.Option("--check", help="Only say if it is alive.")]


def worker(*, check: Check = False) -> None:
    """Become a Celery worker that trains one job at a time."""
    settings = Settings()
    if check:
        alive = is_worker_alive(settings.resolved_redis_url, socket.gethostname())
        raise typer.Exit(0 if alive else 1)
    engine = open_database(settings.resolved_database_url)
    migrate(engine)
    engine.dispose()
    command = worker_command()
    os.execv(command[0], command)
